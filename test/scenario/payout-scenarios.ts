import { beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { claim, claimLink, refund, refundsOf } from '../api/refund/refund-shop.ts';
import { forgetAttempts } from '../testkit/team.ts';
import { payoutKit, unitsOf, type PayoutWay } from './payout-kit.ts';
import type { Scenarios } from './scenario-kit.ts';

/** What holds for money that leaves, in every asset on every network: it arrives exactly, and once. */
export function payoutScenarios(scenarios: Scenarios, wayOf: () => PayoutWay): void {
  const kit = payoutKit(scenarios);
  let shop: DemoMerchant;
  let paymaster: ApiClient;
  let way: PayoutWay;
  let shops = 0;
  beforeEach(async () => {
    way = wayOf();
    ({ shop, paymaster } = await kit.openShop());
    await forgetAttempts(scenarios.kit);
  });

  const email = () => `payer${(shops += 1)}@${way.asset.toLowerCase()}.example`;

  test('a payout arrives', async () => {
    await kit.paidInvoice(shop, way, '2');
    const to = await way.newAddress();
    const id = await kit.payout(paymaster, way, to, '0.7');
    await kit.comesTrue(way, () => kit.payoutOf(paymaster, id), { status: 'CONFIRMED', waitsFor: null });
    expect(await way.received(to)).toBe(unitsOf(way, '0.7'));
    expect(await scenarios.eventsOf(id)).toEqual(
      expect.arrayContaining(['payout.signed', 'payout.broadcast', 'payout.confirmed']),
    );
    await kit.booksAgree(way);
    expect(await way.received(to)).toBe(unitsOf(way, '0.7'));
  });

  test('several payouts to several receivers arrive, each once', async () => {
    await kit.paidInvoice(shop, way, '2');
    const receivers = await Promise.all(
      ['0.1', '0.2', '0.3'].map(async (amount) => [await way.newAddress(), amount] as const),
    );
    const ids = await Promise.all(receivers.map(([to, amount]) => kit.payout(paymaster, way, to, amount)));
    for (const id of ids)
      await kit.comesTrue(way, () => kit.payoutOf(paymaster, id), { status: 'CONFIRMED' });
    await kit.booksAgree(way);
    for (const [to, amount] of receivers) expect(await way.received(to)).toBe(unitsOf(way, amount));
  });

  describe('a payer who says where', () => {
    test('gets a refund', async () => {
      const customerEmail = email();
      const invoiceId = await kit.paidInvoice(shop, way, '1', { customerEmail });
      const to = await way.newAddress();
      await refund(paymaster, { invoiceId, amount: '0.4' });
      expect((await claim(await claimLink(scenarios.kit, customerEmail), to)).status).toBe(200);
      await kit.comesTrue(way, async () => (await refundsOf(paymaster, invoiceId))[0] ?? {}, {
        status: 'SUCCEEDED',
        payout: { status: 'CONFIRMED', address: to },
      });
      const [done] = await refundsOf(paymaster, invoiceId);
      expect(done?.payout?.arrives.amount).toBe(done?.arrives.amount);
      expect(await way.received(to)).toBe(unitsOf(way, done?.arrives.amount ?? ''));
      await kit.booksAgree(way);
    });

    test('gets back what was paid too much', async () => {
      const { projectUpdate } = await shop.owner.send(operations.ProjectUpdateDocument, {
        input: { projectId: shop.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
      });
      accepted(projectUpdate, 'Project');
      const customerEmail = email();
      await kit.paidInvoice(shop, way, '1', { paid: '1.5', customerEmail });
      const rebounds = async () =>
        (await shop.owner.send(operations.ReboundListDocument, { projectId: shop.projectId, mode: 'LIVE' }))
          .rebounds.edges[0]?.node;
      await expect.poll(rebounds, { timeout: 10_000 }).toMatchObject({ status: 'PENDING' });
      const to = await way.newAddress();
      expect((await claim(await claimLink(scenarios.kit, customerEmail), to)).status).toBe(200);
      await kit.comesTrue(way, async () => (await rebounds()) ?? {}, { status: 'COMPLETED', address: to });
      expect(await way.received(to)).toBe(unitsOf(way, (await rebounds())?.arrives.amount ?? ''));
      await kit.booksAgree(way);
    });
  });
}
