import { expect } from 'vitest';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { signedInAnew } from '../api/refund/refund-shop.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import type { Scenarios, Way } from './scenario-kit.ts';

/** A real network that money leaves over. Amounts are in the asset's smallest unit, as the node's own RPC tells them. */
export interface PayoutWay extends Way {
  /** Of a receiver who has nothing yet. */
  newAddress(): Promise<string>;
  received(address: string): Promise<bigint>;
  /** All that the gateway's keys hold on the chain, less what did not come in by payments. */
  holds(): Promise<bigint>;
}

/** A payout, its change and what it waits for take some blocks each. */
const PATIENCE = { timeout: 40_000, interval: 100 };

const DAY_SECONDS = 86_400;

const KEY = {
  mode: 'LIVE',
  kind: 'SECRET',
  name: 'Paymaster',
  scopes: ['INVOICE_READ', 'PAYOUT_READ', 'PAYOUT_WRITE'],
  ipRanges: ['127.0.0.1', '::1'],
} as const;

/** The amount in the asset's smallest unit. */
export const unitsOf = ({ digits }: Way, amount: string): bigint => {
  const [whole = '', fraction = ''] = amount.split('.');
  return BigInt(`${whole}${fraction.padEnd(digits, '0')}`);
};

/** What shops do with money that leaves, over the API, and what must be true in the end. */
export function payoutKit(scenarios: Scenarios) {
  const pool = () => scenarios.kit.database.pool;

  /** Until it holds, blocks come as on a chain that lives. */
  async function comesTrue(way: Way, state: () => Promise<unknown>, wanted: object): Promise<void> {
    await expect
      .poll(async () => {
        await way.mine(1);
        return await state();
      }, PATIENCE)
      .toMatchObject(wanted);
  }

  const openSpends = async (): Promise<number> =>
    (await pool().query(`SELECT FROM spend WHERE status IN ('SIGNED', 'BROADCAST')`)).rows.length;

  async function heldByLedger({ network, asset }: PayoutWay): Promise<bigint> {
    const { rows } = await pool().query<{ held: string }>(
      `SELECT coalesce(-sum(balance), 0)::text AS held FROM ledger_account
       WHERE kind = 'CUSTODY' AND mode = 'LIVE' AND network = $1 AND asset = $2`,
      [network, asset],
    );
    return BigInt(rows[0]?.held ?? 0);
  }

  return {
    comesTrue,

    /** A merchant of the test's own, with a machine that may ask for payouts. */
    async openShop(): Promise<{ readonly shop: DemoMerchant; readonly paymaster: ApiClient }> {
      const shop = await scenarios.openShop();
      const { apiKeyCreate } = await shop.owner.send(operations.ApiKeyCreateDocument, {
        input: { ...KEY, projectId: shop.projectId },
      });
      const { secret } = accepted(apiKeyCreate, 'ApiKeyCreatePayload');
      // A new key holds payouts for a day (RULES 12), and the session is over by then.
      scenarios.clock.advance({ seconds: DAY_SECONDS });
      const owner = await signedInAnew(scenarios.kit, shop.email, scenarios.clock.now());
      return { shop: { ...shop, owner }, paymaster: scenarios.kit.platform.api.as(secret) };
    },

    /** An invoice that was paid with so much, and credited. */
    async paidInvoice(
      shop: DemoMerchant,
      way: Way,
      price: string,
      { paid = price, ...input }: { readonly paid?: string; readonly customerEmail?: string } = {},
    ): Promise<string> {
      const { id, address } = await scenarios.invoice(shop, way, price, input);
      await way.send(address, paid);
      await comesTrue(way, async () => ({ events: await scenarios.eventsOf(id) }), {
        events: expect.arrayContaining(['payment.credited']),
      });
      return id;
    },

    /** Asks for a payout of so much, fees on top of it. */
    async payout(paymaster: ApiClient, way: Way, address: string, amount: string): Promise<string> {
      const { asset: currency, network } = way;
      const { payoutCreate } = await paymaster.send(operations.PayoutOnChainDocument, {
        input: { currency, network, address, amount, feesFrom: 'BALANCE', idempotencyKey: address },
      });
      return accepted(payoutCreate, 'Payout').id;
    },

    async payoutOf(paymaster: ApiClient, id: string) {
      const { node } = await paymaster.send(operations.PayoutCourseDocument, { id });
      if (node?.__typename !== 'Payout') throw new Error('there is no such payout');
      return node;
    },

    /** How often operators were told. */
    async notices(type: string): Promise<number> {
      const { rows } = await pool().query('SELECT FROM event WHERE type = $1', [type]);
      return rows.length;
    },

    /** Whatever was on its way arrives; then the books are even, and what they say is held is there. */
    async booksAgree(way: PayoutWay): Promise<void> {
      await comesTrue(
        way,
        async () => ({ open: await openSpends(), missing: (await heldByLedger(way)) - (await way.holds()) }),
        { open: 0, missing: 0n },
      );
      await expectLedgerInBalance(pool());
    },
  };
}
