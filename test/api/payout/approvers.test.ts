import { beforeAll, describe, expect, test } from 'vitest';
import { createPayoutPayees } from '../../../src/adapters/db/payout-payees.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { userActor } from '../../testkit/actors.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import {
  agree,
  callOff,
  forgetHolds,
  insertColleague,
  openPayoutShop,
  payout,
  requestOf,
  setPolicy,
  type Colleague,
} from './payout-shop.ts';
import { senderRound } from './sender-round.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let shop: DemoMerchant;
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@approvers.example');
  accepted(await setPolicy(shop.owner, shop.merchantId, { approvalsRequired: 2 }), 'Merchant');
});

const colleague = () => insertColleague(kit.database.pool, shop, kit.platform.api, clock.now());
const ask = () => payout(shop.owner, requestOf(shop.merchantId));
const setMember = (userId: string, change: string) =>
  kit.database.pool.query(`UPDATE member SET ${change} WHERE user_id = $1`, [userId]);
const memberIdOf = async (userId: string): Promise<string> => {
  const { rows } = await kit.database.pool.query<{ id: string }>('SELECT id FROM member WHERE user_id = $1', [
    userId,
  ]);
  return globalIdOf('Member', rows[0]?.id ?? '');
};
const usdt = (amount: string): bigint => BigInt(amount) * 1_000_000n;
const waitingFor = async ({ api }: Colleague, mode: 'TEST' | 'LIVE' = 'LIVE') =>
  (
    await api.send(operations.PayoutListDocument, {
      merchantId: shop.merchantId,
      mode,
      filter: { needsMyApproval: true },
    })
  ).payouts.edges.map(({ node }) => node.id);
/** Those that the chat offers the person to agree to. */
const offeredTo = async ({ userId }: Colleague, mode: 'TEST' | 'LIVE' = 'LIVE') => {
  const merchantId = rowIdOf(shop.merchantId);
  const actor = userActor(userId, { merchantId, role: 'FINANCE', projectIds: null });
  const { payoutsOpen } = kit.platform.gateway.background.useCases.bots;
  const open = await payoutsOpen(actor, { merchantId, mode, limit: 100 });
  if (!open.ok) throw new Error(open.refusal.message);
  return open.value.flatMap((one) => (one.waitsForMe ? [globalIdOf('Payout', one.payout.id)] : []));
};

describe('nobody agrees', () => {
  test('to what a key asks for that the person has made', async () => {
    const maker = await colleague();
    await kit.database.pool.query('UPDATE api_key SET created_by = $1 WHERE project_id = $2', [
      maker.userId,
      rowIdOf(shop.projectId),
    ]);
    const made = await payout(shop.live, requestOf(null));
    expect(made.status).toBe('PENDING_APPROVAL');
    await expect(agree(maker.api, made)).rejects.toThrow('Somebody else');
    expect(await waitingFor(maker)).not.toContain(made.id);
    const other = await colleague();
    expect(await waitingFor(other)).toContain(made.id);
    accepted(await agree(other.api, made), 'Payout');
  });

  test('on the first day of the role, of the access or of the account', async () => {
    const [first, second] = [await colleague(), await colleague()];
    const made = await ask();
    for (const change of [{ role: 'VIEWER' }, { role: 'FINANCE' }] as const) {
      const { memberUpdate } = await shop.owner.send(operations.MemberUpdateDocument, {
        input: { memberId: await memberIdOf(first.userId), ...change },
      });
      accepted(memberUpdate, 'Member');
    }
    expect(await agree(first.api, made)).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('new member'),
    });
    expect(await waitingFor(first)).toEqual([]);
    accepted(await agree(second.api, made), 'Payout');
    await setMember(first.userId, `paying_since = paying_since - interval '24 hours'`);
    expect(await agree(first.api, made)).toMatchObject({ status: 'QUEUED' });
  });

  test('while a security change of theirs holds payouts back', async () => {
    const { api, userId } = await colleague();
    const made = await ask();
    await kit.database.pool.query(
      `INSERT INTO withdrawal_hold (id, merchant_id, user_id, reason, started_at, ends_at)
       VALUES ($1, null, $2, 'PASSWORD_CHANGED', $3, $3::timestamptz + interval '1 day')`,
      [uuidSource.next(), userId, clock.now()],
    );
    expect(await agree(api, made)).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('held'),
    });
    await forgetHolds(kit.database.pool);
    accepted(await agree(api, made), 'Payout');
  });
});

test('lists offer what the member could agree to at the moment, in the API and in chats alike', async () => {
  const [maker, agreed, fresh, free] = [
    await colleague(),
    await colleague(),
    await colleague(),
    await colleague(),
  ];
  await kit.database.pool.query('UPDATE member SET paying_since = $2 WHERE user_id = $1', [
    fresh.userId,
    clock.now(),
  ]);
  const cases = [
    ['LIVE', [free]],
    ['TEST', [free, fresh]],
  ] as const;
  for (const [mode, expected] of cases) {
    const made = await payout(maker.api, requestOf(shop.merchantId, { mode }));
    accepted(await agree(agreed.api, made), 'Payout');
    for (const member of [maker, agreed, fresh, free]) {
      const lists = [await waitingFor(member, mode), await offeredTo(member, mode)];
      const isOffered = expected.includes(member);
      expect(lists.map((ids) => ids.includes(made.id))).toEqual([isOffered, isOffered]);
    }
    // The lists say what is so: who is offered it agrees, who is not is refused.
    expect(await agree(fresh.api, made)).toMatchObject(
      mode === 'LIVE' ? { code: 'WRONG_STATE' } : { status: 'QUEUED' },
    );
    await expect(agree(maker.api, made)).rejects.toThrow('Somebody else');
    for (const member of [agreed, free])
      expect((await offeredTo(member, mode)).includes(made.id)).toBe(mode === 'LIVE' && member === free);
  }
  await setMember(fresh.userId, `paying_since = paying_since - interval '24 hours'`);
  expect((await waitingFor(fresh)).length).toBeGreaterThan(0);
  expect((await offeredTo(fresh)).toSorted()).toEqual((await waitingFor(fresh)).toSorted());
});

test('a consent counts as long as the member may agree', async () => {
  const [first, second, third] = [await colleague(), await colleague(), await colleague()];
  for (const [away, back] of [
    ['disabled_at = now()', 'disabled_at = NULL'],
    [`role = 'VIEWER'`, `role = 'FINANCE'`],
    ['restricted = true', 'restricted = false'],
  ] as const) {
    const made = await ask();
    accepted(await agree(first.api, made), 'Payout');
    await setMember(first.userId, away);
    expect(await agree(second.api, made)).toMatchObject({ status: 'PENDING_APPROVAL' });
    await setMember(first.userId, back);
    expect(await agree(third.api, made)).toMatchObject({ status: 'QUEUED' });
  }
  // Whoever is back completes by agreeing again.
  const made = await ask();
  accepted(await agree(first.api, made), 'Payout');
  await setMember(first.userId, 'disabled_at = now()');
  accepted(await agree(second.api, made), 'Payout');
  await setMember(first.userId, 'disabled_at = NULL');
  expect(await agree(first.api, made)).toMatchObject({ status: 'QUEUED' });
});

test('what a key asked for is not sent once the key is revoked', async () => {
  const { pool } = kit.database;
  accepted(await setPolicy(shop.owner, shop.merchantId, {}), 'Merchant');
  await forgetHolds(pool);
  const made = await payout(shop.live, requestOf(null, { amount: '17' }));
  expect(await senderRound(kit)).toContain(usdt('17'));
  // The overlap after a rotation ends by itself, and says nothing against what was asked for in it.
  const change = (sql: string) =>
    pool.query(`UPDATE api_key SET ${sql} FROM payout p WHERE p.id = $1 AND api_key.id = p.actor_id`, [
      rowIdOf(made.id),
    ]);
  await change(`expires_at = now() - interval '1 hour'`);
  expect(await senderRound(kit)).toContain(usdt('17'));
  await change('revoked_at = now()');
  expect(await senderRound(kit)).not.toContain(usdt('17'));
  const { rows } = await pool.query('SELECT status, waits_for FROM payout WHERE id = $1', [rowIdOf(made.id)]);
  expect(rows).toEqual([{ status: 'QUEUED', waits_for: 'KEY_REVOKED' }]);
  expect(await callOff(shop.owner, made)).toMatchObject({ status: 'CANCELLED' });
});

test('what a member asked for is not sent once the member may not pay any more', async () => {
  const payees = createPayoutPayees(kit.database.pool);
  const { api, userId } = await colleague();
  const made = await payout(api, requestOf(shop.merchantId));
  const of = {
    merchantId: rowIdOf(shop.merchantId),
    projectId: null,
    origin: 'REQUEST',
    sourceId: null,
    createdBy: { type: 'USER', id: userId },
  } as const;
  expect(await payees.whoIsGone(of)).toBe(null);
  for (const [away, back] of [
    ['disabled_at = now()', 'disabled_at = NULL'],
    [`role = 'DEVELOPER'`, `role = 'FINANCE'`],
    ['restricted = true', 'restricted = false'],
  ] as const) {
    await setMember(userId, away);
    expect(await payees.whoIsGone(of)).toBe('MEMBER_GONE');
    await setMember(userId, back);
    expect(await payees.whoIsGone(of)).toBe(null);
  }
  await kit.database.pool.query('DELETE FROM member WHERE user_id = $1', [userId]);
  expect(await payees.whoIsGone(of)).toBe('MEMBER_GONE');
  expect(await callOff(shop.owner, made)).toMatchObject({ status: 'CANCELLED' });
});

test('what has waited longest is sent first, counted from when it had what it needs', async () => {
  const { pool } = kit.database;
  await pool.query('UPDATE api_key SET revoked_at = NULL, expires_at = NULL');
  const above = [{ currency: 'USDT', amount: '20' }] as const;
  const policy = { approvalsRequired: 1, approvalAbove: above };
  accepted(await setPolicy(shop.owner, shop.merchantId, policy), 'Merchant');
  await forgetHolds(pool);
  const other = await colleague();
  const ask = async (amount: string) => {
    clock.advance({ seconds: 1 });
    return await payout(shop.owner, requestOf(shop.merchantId, { amount }));
  };
  const waited = await ask('21');
  await ask('3');
  await ask('4');
  clock.advance({ seconds: 1 });
  accepted(await agree(other.api, waited), 'Payout');
  await ask('5');
  const mine = ['3', '4', '21', '5'].map(usdt);
  expect((await senderRound(kit)).filter((amount) => mine.includes(amount))).toEqual(mine);
});
