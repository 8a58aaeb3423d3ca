import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPayoutStore } from '../../../src/adapters/db/payout-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { everythingTold, eventTypes, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import {
  agree,
  callOff,
  forgetHolds,
  insertColleague,
  openPayoutShop,
  setPolicy,
  turnDown,
  type Colleague,
} from '../payout/payout-shop.ts';
import { claimed } from './refund-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
let colleagues: [Colleague, Colleague, Colleague];
let payers = 0;
beforeAll(async () => {
  merchant = await openPayoutShop(kit, clock, 'ada@inbox.example');
  const join = () => insertColleague(kit.database.pool, merchant, kit.platform.api, clock.now());
  colleagues = [await join(), await join(), await join()];
  const { projectUpdate } = await merchant.owner.send(operations.ProjectUpdateDocument, {
    input: { projectId: merchant.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
  });
  accepted(projectUpdate, 'Project');
});
beforeEach(async () => {
  payers += 1;
  await forgetAttempts(kit);
});

const inbox = (of = 'mine') => `${of}${payers}@thief.example`;
const only = async () => {
  const { projectId } = merchant;
  const list = await merchant.owner.send(operations.ReboundListDocument, { projectId, mode: 'TEST' });
  return list.rebounds.edges[0]?.node;
};
const comes = async (wanted: object) => {
  await expect.poll(only, { timeout: 10_000 }).toMatchObject(wanted);
  const rebound = await only();
  if (!rebound) throw new Error('there is no rebound');
  return rebound;
};
const payoutOf = async () => {
  const payout = (await only())?.payout;
  if (!payout) throw new Error('there is no payout');
  return payout;
};

/** An overpaid invoice; with an inbox known or none. */
async function rebound(customerEmail?: string) {
  const { id } = await createInvoice(merchant.test, {
    amount: '100',
    ...(customerEmail === undefined ? {} : { customerEmail }),
  });
  const quote = await createQuote(merchant.test, id);
  await simulatePayment(merchant.test, id, quote.id, String(Number(quote.amount.amount) + 20));
  return await comes({ status: 'PENDING', customerEmail: customerEmail ?? null });
}
const name = async (api: DemoMerchant['owner'], reboundId: string, email: string) =>
  (await api.send(operations.ReboundClaimResendDocument, { input: { reboundId, email } })).reboundClaimResend;
const rules = async (policy: Parameters<typeof setPolicy>[2]) => {
  accepted(await setPolicy(merchant.owner, merchant.merchantId, policy), 'Merchant');
  await forgetHolds(kit.database.pool);
};

describe('a rebound whose inbox a member named', () => {
  test('counts towards the limit of the day from when it was named, once', async () => {
    await rules({ dailyLimit: [{ currency: 'USDT', amount: '30' }] });
    const [{ api }] = colleagues;
    const { id } = await rebound();
    accepted(await name(api, id, inbox()), 'Rebound');
    accepted(await name(api, id, inbox('other')), 'Rebound');
    const next = await rebound(`payer${payers}@inbox.example`);
    expect(next.id).not.toBe(id);
    expect(await name(api, next.id, inbox())).toMatchObject({
      code: 'LIMIT_REACHED',
      path: ['input', 'email'],
    });
    expect(await only()).toMatchObject({ status: 'PENDING', customerEmail: `payer${payers}@inbox.example` });
  });

  test('needs the consents of a payout, of none who ever named one, and members hear of it', async () => {
    await rules({ approvalsRequired: 1 });
    const [first, second, third] = colleagues;
    const { id } = await rebound(`payer${payers}@inbox.example`);
    accepted(await name(first.api, id, inbox()), 'Rebound');
    accepted(await name(second.api, id, inbox('other')), 'Rebound');
    accepted(await name(first.api, id, inbox('third')), 'Rebound');
    expect(
      (await eventTypes(kit.database.pool, id)).filter((type) => type === 'rebound.inbox_named'),
    ).toHaveLength(3);
    await everythingTold(kit.database.pool);
    const mails = kit.platform.mail.mails.filter(({ recipients }) => recipients.includes(merchant.email));
    expect(mails.some(({ parsed }) => String(parsed.text).includes(inbox('third')))).toBe(true);

    await claimed(kit, inbox('third'));
    await comes({ payout: { status: 'PENDING_APPROVAL' } });
    const { rows } = await kit.database.pool.query(
      `SELECT data FROM event WHERE type = 'payout.approval_needed' AND data->>'sourceId' = $1`,
      [rowIdOf(id)],
    );
    expect(rows).toMatchObject([{ data: { origin: 'REBOUND', invoiceId: expect.any(String) } }]);
    const named = await kit.database.pool.query<{ email: string }>(
      'SELECT email FROM "user" WHERE id = ANY(SELECT unnest(inbox_named_by) FROM rebound WHERE id = $1) ORDER BY 1',
      [rowIdOf(id)],
    );
    expect(named.rows).toHaveLength(2);
    expect(rows[0].data.inboxNamedBy).toBe(named.rows.map(({ email }) => email).join(', '));
    for (const { api } of [first, second])
      await expect(agree(api, await payoutOf())).rejects.toThrow('FORBIDDEN');
    expect((await agree(third.api, await payoutOf())).__typename).toBe('Payout');
    await comes({ payout: { status: 'QUEUED' } });
  });

  test.each([
    ['called off while it is queued', {}, callOff],
    ['refused while it waits for consent', { approvalsRequired: 1 }, turnDown],
  ])('is %s, and the money waits for a decision again', async (_name, policy, decide) => {
    await rules(policy);
    const { id } = await rebound();
    accepted(await name(colleagues[0].api, id, inbox()), 'Rebound');
    await claimed(kit, inbox());
    await comes({ payout: { status: Object.keys(policy).length === 0 ? 'QUEUED' : 'PENDING_APPROVAL' } });
    expect((await decide(merchant.owner, await payoutOf())).__typename).toBe('Payout');
    await comes({ status: 'REJECTED', payment: { decision: 'NONE' } });
  });
});

describe('whoever named the inbox is asked as who asks for a payout', () => {
  /** What would be said of the payout that the worker made, were it of LIVE mode. */
  const verdict = async (reboundId: string) => {
    const { pool, platform } = { ...kit.database, ...kit };
    const stored = await createPayoutStore(pool, uuidSource).ofSource('REBOUND', rowIdOf(reboundId));
    if (!stored) throw new Error('there is no payout');
    return await platform.gateway.background.useCases.payoutCheck({ ...stored, mode: 'LIVE' });
  };
  const named = async (...apis: DemoMerchant['owner'][]) => {
    await rules({});
    const { id } = await rebound();
    for (const [n, api] of apis.entries()) accepted(await name(api, id, inbox(`of${n}`)), 'Rebound');
    await claimed(kit, inbox(`of${apis.length - 1}`));
    await comes({ payout: { status: 'QUEUED' } });
    return id;
  };

  test('by a hold of that member, of everybody who ever named one', async () => {
    const [first, second, third] = colleagues;
    const id = await named(first.api, second.api);
    expect(await verdict(id)).toEqual({ allowed: true });
    const hold = (userId: string) =>
      kit.database.pool.query(
        `INSERT INTO withdrawal_hold (id, user_id, reason, started_at, ends_at)
         VALUES ($1, $2, 'PASSWORD_CHANGED', $3, $3::timestamptz + interval '1 day')`,
        [uuidSource.next(), userId, clock.now()],
      );
    await hold(third.userId);
    expect(await verdict(id)).toEqual({ allowed: true });
    for (const { userId } of [first, second]) {
      await forgetHolds(kit.database.pool);
      await hold(userId);
      expect(await verdict(id)).toMatchObject({ reason: 'HELD', hold: 'PASSWORD_CHANGED' });
    }
    await forgetHolds(kit.database.pool);
  });

  test('by whether the key is revoked since', async () => {
    const id = await named(merchant.test);
    expect(await verdict(id)).toEqual({ allowed: true });
    await kit.database.pool.query(`UPDATE api_key SET revoked_at = now() WHERE mode = 'TEST'`);
    expect(await verdict(id)).toMatchObject({ reason: 'KEY_REVOKED' });
    expect((await callOff(merchant.owner, await payoutOf())).__typename).toBe('Payout');
    await kit.database.pool.query('UPDATE api_key SET revoked_at = NULL');
  });
});

test("a rebound of the payer's own inbox needs no consent and is not called off", async () => {
  await rules({ approvalsRequired: 2, dailyLimit: [{ currency: 'USDT', amount: '1' }] });
  const payer = `own${payers}@inbox.example`;
  await rebound(payer);
  await claimed(kit, payer);
  await comes({ payout: { status: 'QUEUED' } });
  expect(await callOff(merchant.owner, await payoutOf())).toMatchObject({ code: 'WRONG_STATE' });
});
