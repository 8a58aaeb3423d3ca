import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accepted, ApiErrors } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { eventTypes, globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { statementsDuring } from '../../testkit/statements.ts';
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
  simulateEnd,
  traces,
  tryPayout,
  turnDown,
  usdtOf,
  type Asked,
  type Colleague,
} from './payout-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let shop: DemoMerchant;
let stranger: DemoMerchant;
let colleagues: Colleague[];
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@decisions.example');
  stranger = await openPayoutShop(kit, clock, 'eve@decisions.example');
  colleagues = [];
  for (let i = 0; i < 4; i += 1)
    colleagues.push(await insertColleague(kit.database.pool, shop, kit.platform.api, clock.now()));
});

const [first, second] = [() => colleague(0), () => colleague(1)];
function colleague(i: number): Colleague {
  const found = colleagues[i];
  if (!found) throw new Error('there is no such colleague');
  return found;
}

const ask = (more: Asked = {}) => payout(shop.owner, requestOf(shop.merchantId, more));
const live = () => usdtOf(kit.database.pool, shop.merchantId);
const policy = async (more: Parameters<typeof setPolicy>[2]) => {
  accepted(await setPolicy(shop.owner, shop.merchantId, more), 'Merchant');
  await forgetHolds(kit.database.pool);
};

async function unwritten(work: () => Promise<void>): Promise<void> {
  const before = await traces(kit.database.pool);
  await work();
  expect(await traces(kit.database.pool)).toEqual(before);
}

const codesOf = (answers: readonly { readonly __typename?: string; readonly code?: string }[]) =>
  answers.map(({ code, __typename }) => code ?? __typename ?? '');

describe('a payout that is queued', () => {
  beforeEach(() => policy({}));

  test('is called off once, and its amount is available again', async () => {
    const before = await live();
    const made = await ask();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => callOff(shop.owner, made, { reason: 'No.' })),
    );
    expect(codesOf(answers).toSorted()).toEqual([
      'Payout',
      ...Array.from({ length: 9 }, () => 'WRONG_STATE'),
    ]);
    expect(answers.find(({ __typename }) => __typename === 'Payout')).toMatchObject({
      status: 'CANCELLED',
      failure: 'No.',
    });
    expect(await live()).toEqual(before);
    expect(await eventTypes(kit.database.pool, made.id)).toEqual([
      'payout.requested',
      'payout.queued',
      'payout.cancelled',
    ]);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('is not called off by strangers, at another revision, nor when it is signed', async () => {
    const made = await ask();
    await unwritten(async () => {
      expect(await callOff(stranger.owner, made)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await callOff(shop.test, made)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await callOff(shop.owner, { ...made, revision: 1 })).toMatchObject({ code: 'WRONG_STATE' });
      for (const reason of ['x'.repeat(1_001), 'a\u0000'])
        expect(await callOff(shop.owner, made, { reason })).toMatchObject({ path: ['input', 'reason'] });
      expect(await turnDown(shop.owner, made)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await agree(first().api, made)).toMatchObject({ code: 'WRONG_STATE' });
    });
    await kit.database.pool.query(`UPDATE payout SET status = 'SIGNED', signed_at = now() WHERE id = $1`, [
      rowIdOf(made.id),
    ]);
    await unwritten(async () => {
      expect(await callOff(shop.owner, made)).toMatchObject({ code: 'WRONG_STATE' });
    });
  });
});

describe('a payout that waits for consent', () => {
  beforeEach(() => policy({ approvalsRequired: 2, approvalAbove: [{ currency: 'USDT', amount: '5' }] }));

  test('is queued by the last of the members who must agree, at the revision they saw', async () => {
    expect(await ask({ amount: '4.999999' })).toMatchObject({ status: 'QUEUED' });
    const made = await ask({ amount: '5' });
    expect(made).toMatchObject({ status: 'PENDING_APPROVAL', approvalsRequired: 2 });
    await unwritten(async () => {
      await expect(agree(shop.owner, made)).rejects.toBeInstanceOf(ApiErrors);
      expect(await agree(stranger.owner, made)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await agree(first().api, { ...made, revision: 1 })).toMatchObject({ code: 'WRONG_STATE' });
    });
    // Somebody who agrees ten times is one.
    const often = await Promise.all(Array.from({ length: 10 }, () => agree(first().api, made)));
    for (const answer of often) expect(answer).toMatchObject({ status: 'PENDING_APPROVAL' });
    expect(await agree(second().api, made)).toMatchObject({ status: 'QUEUED', revision: 1 });
    expect(await eventTypes(kit.database.pool, made.id)).toEqual([
      'payout.requested',
      'payout.approval_needed',
      'payout.approved',
      'payout.approved',
      'payout.queued',
    ]);
    await unwritten(async () => {
      expect(await agree(colleague(2).api, made)).toMatchObject({ code: 'WRONG_STATE' });
    });
  });

  test('says who asked and who agreed, and which consents count, by as many statements for any page', async () => {
    const { pool } = kit.database;
    const made = await ask();
    const byKey = await payout(shop.live, requestOf(null));
    const gone = await insertColleague(pool, shop, kit.platform.api, clock.now());
    for (const { api } of [first(), gone]) accepted(await agree(api, made), 'Payout');
    await pool.query('UPDATE member SET disabled_at = now() WHERE user_id = $1', [gone.userId]);
    // The second consent was the last one that was needed: as if three were.
    await pool.query(
      `UPDATE payout SET status = 'PENDING_APPROVAL', revision = 0, queued_at = NULL WHERE id = $1`,
      [rowIdOf(made.id)],
    );
    const people = async (first: number) =>
      (
        await shop.owner.send(operations.PayoutPeopleDocument, { merchantId: shop.merchantId, first })
      ).payouts.edges.map(({ node }) => node);
    const shown = await people(10);
    const of = (id: string) => shown.find((one) => one.id === id);
    expect(of(made.id)).toMatchObject({
      createdBy: { type: 'USER', name: 'ada@decisions.example' },
      approvals: [first(), gone].map(({ userId }) => ({
        member: {
          type: 'USER',
          id: globalIdOf('User', userId),
          name: expect.stringContaining('colleague.example'),
        },
      })),
      approvalsGiven: 1,
    });
    expect(of(byKey.id)).toMatchObject({ createdBy: { type: 'API_KEY' }, approvals: [], approvalsGiven: 0 });
    expect(of(byKey.id)?.createdBy?.name).toBeTruthy();
    const sent = async (first: number) =>
      (await statementsDuring(/payout|"user"|api_key/i, () => people(first))).length;
    expect(await sent(10)).toBe(await sent(2));
  });

  test('does not add up consents to different revisions', async () => {
    const made = await ask();
    accepted(await agree(first().api, made), 'Payout');
    // It became another one since.
    await kit.database.pool.query('UPDATE payout SET revision = revision + 1 WHERE id = $1', [
      rowIdOf(made.id),
    ]);
    const now = { ...made, revision: 1 };
    expect(await agree(second().api, made)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await agree(second().api, now)).toMatchObject({ status: 'PENDING_APPROVAL' });
    expect(await agree(first().api, now)).toMatchObject({ status: 'QUEUED' });
  });

  test('needs presence and a second factor of whoever agrees or refuses', async () => {
    const made = await ask();
    const { pool } = kit.database;
    const { userId, api } = colleague(3);
    await unwritten(async () => {
      await pool.query('UPDATE session SET stepped_up_at = NULL WHERE user_id = $1', [userId]);
      expect(await agree(api, made)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(await turnDown(api, made)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      await pool.query('UPDATE session SET second_factor_at = NULL, stepped_up_at = $2 WHERE user_id = $1', [
        userId,
        clock.now(),
      ]);
      expect(await agree(api, made)).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' });
      expect(await turnDown(api, made)).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' });
    });
  });

  test('is refused by a member, and its amount is available again', async () => {
    const before = await live();
    const made = await ask();
    expect(await turnDown(first().api, made, { reason: 'Who is that?' })).toMatchObject({
      status: 'REJECTED',
      failure: 'Who is that?',
    });
    expect(await live()).toEqual(before);
    expect(await agree(second().api, made)).toMatchObject({ code: 'WRONG_STATE' });
  });

  test('is agreed to, called off or refused, whoever is first', async () => {
    for (let round = 0; round < 3; round += 1) {
      const before = await live();
      const made = await ask();
      accepted(await agree(first().api, made), 'Payout');
      const [agreed, called, refused] = await Promise.all([
        agree(second().api, made),
        callOff(shop.owner, made),
        turnDown(colleague(2).api, made),
      ]);
      expect(codesOf([agreed, called, refused]).toSorted()).toEqual(['Payout', 'WRONG_STATE', 'WRONG_STATE']);
      const after = await live();
      expect(after.held - before.held).toBe(agreed.__typename === 'Payout' ? 10_000_000n : 0n);
      await expectLedgerInBalance(kit.database.pool);
    }
  });
});

describe('the rules of a merchant', () => {
  const anyway = [{ currency: 'USDT', amount: '100' }] as const;
  const stand = async (more: Parameters<typeof setPolicy>[2]) =>
    accepted(await setPolicy(shop.owner, shop.merchantId, more), 'Merchant');

  test('hold payouts back for a day when they ask less than before, and never else', async () => {
    await policy({});
    const steps: [Parameters<typeof setPolicy>[2], boolean][] = [
      [{ approvalsRequired: 1, approvalAbove: [...anyway], dailyLimit: [...anyway] }, false],
      [{ approvalsRequired: 2, approvalAbove: [...anyway], dailyLimit: [...anyway] }, false],
      [{ approvalsRequired: 2, dailyLimit: [...anyway] }, false],
      [
        { approvalsRequired: 2, approvalAbove: [{ currency: 'USDT', amount: '1' }], dailyLimit: [...anyway] },
        true,
      ],
      [{ approvalsRequired: 2, dailyLimit: [{ currency: 'USDT', amount: '99' }] }, false],
      [{ approvalsRequired: 1, dailyLimit: [{ currency: 'USDT', amount: '99' }] }, true],
      [{ approvalsRequired: 1, dailyLimit: [{ currency: 'USDT', amount: '100' }] }, true],
      [{ approvalsRequired: 1 }, true],
      [{ approvalsRequired: 1, dailyLimit: [{ currency: 'BTC', amount: '1' }] }, false],
      [{ approvalsRequired: 0, dailyLimit: [{ currency: 'BTC', amount: '1' }] }, true],
      [
        { approvalsRequired: 0, approvalAbove: [...anyway], dailyLimit: [{ currency: 'BTC', amount: '1' }] },
        false,
      ],
    ];
    for (const [step, isHeld] of steps) {
      await forgetHolds(kit.database.pool);
      const { withdrawalStatus, payoutPolicy } = await stand(step);
      expect(payoutPolicy.approvalsRequired).toBe(step.approvalsRequired);
      expect(payoutPolicy.dailyLimit.map(({ amount }) => Number(amount))).toEqual(
        (step.dailyLimit ?? []).map(({ amount }) => Number(amount)),
      );
      expect(withdrawalStatus).toEqual({
        held: isHeld,
        reason: isHeld ? 'PAYOUT_POLICY_WEAKENED' : null,
      });
    }
    await policy({ approvalsRequired: 1 });
    await stand({});
    await unwritten(async () => {
      expect(await tryPayout(shop.owner, requestOf(shop.merchantId))).toMatchObject({ code: 'WRONG_STATE' });
    });
    await forgetHolds(kit.database.pool);
    expect(await tryPayout(shop.owner, requestOf(shop.merchantId))).toMatchObject({ status: 'QUEUED' });
  });

  test('are changed by owners and admins who proved presence and a second factor', async () => {
    await policy({});
    const { pool } = kit.database;
    const before = await traces(pool);
    expect(await setPolicy(first().api, shop.merchantId, {})).toMatchObject({ code: 'NOT_FOUND' });
    expect(await setPolicy(stranger.owner, shop.merchantId, {})).toMatchObject({ code: 'NOT_FOUND' });
    for (const approvalsRequired of [-1, 6])
      expect(await setPolicy(shop.owner, shop.merchantId, { approvalsRequired })).toMatchObject({
        path: ['input', 'approvalsRequired'],
      });
    for (const field of ['approvalAbove', 'dailyLimit'] as const)
      for (const amounts of [['0'], ['-1'], ['1', '2']])
        expect(
          await setPolicy(shop.owner, shop.merchantId, {
            [field]: amounts.map((amount) => ({ currency: 'USDT', amount })),
          }),
        ).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] });
    await pool.query('UPDATE session SET stepped_up_at = NULL');
    expect(await setPolicy(shop.owner, shop.merchantId, {})).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    await pool.query('UPDATE session SET second_factor_at = NULL');
    expect(await setPolicy(shop.owner, shop.merchantId, {})).toMatchObject({
      code: 'SECOND_FACTOR_REQUIRED',
    });
    expect(await traces(pool)).toEqual(before);
    await pool.query('UPDATE session SET stepped_up_at = $1, second_factor_at = $1', [clock.now()]);
  });

  test('are changed by one of many who saw the same, who tells of old and new', async () => {
    const { pool } = kit.database;
    await policy({ approvalsRequired: 2, dailyLimit: [{ currency: 'USDT', amount: '500' }] });
    const { node } = await shop.owner.send(operations.PayoutPolicyRevisionDocument, {
      merchantId: shop.merchantId,
    });
    const revision = node && 'payoutPolicy' in node ? node.payoutPolicy.revision : -1;
    const before = await traces(pool);
    expect(await setPolicy(shop.owner, shop.merchantId, { revision: revision - 1 })).toMatchObject({
      code: 'WRONG_STATE',
      path: ['input', 'revision'],
    });
    expect(await traces(pool)).toEqual(before);
    const approvalAbove = [
      { currency: 'USDT', amount: '100' },
      { currency: 'EUR', amount: '10' },
    ] as const;
    const answers = await Promise.all(
      [1, 1, 1, 1, 1].map((approvalsRequired) =>
        setPolicy(shop.owner, shop.merchantId, {
          revision,
          approvalsRequired,
          approvalAbove: [...approvalAbove],
        }),
      ),
    );
    expect(codesOf(answers).toSorted()).toEqual(['Merchant', ...Array(4).fill('WRONG_STATE')]);
    const { rows } = await pool.query(
      `SELECT data FROM event WHERE type = 'payout_policy.changed' ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([
      {
        data: {
          approvalsRequired: 1,
          approvalAbove0: '100.000000',
          approvalAboveCurrency0: 'USDT',
          approvalAbove1: '10.00',
          approvalAboveCurrency1: 'EUR',
          approvalsRequiredBefore: 2,
          dailyLimitBefore0: '500.000000',
          dailyLimitBeforeCurrency0: 'USDT',
        },
      },
    ]);
    await policy({});
  });

  test('let no more than the day’s limit leave, however it is split and whoever asks', async () => {
    const { pool } = kit.database;
    const api = shop.test;
    await policy({ dailyLimit: [{ currency: 'USDT', amount: '30' }] });
    const before = await usdtOf(pool, shop.merchantId, 'TEST');
    const one = requestOf(null, { amount: '1' });
    const answers = await Promise.all(Array.from({ length: 40 }, () => tryPayout(api, one)));
    expect(codesOf(answers).filter((code) => code === 'Payout')).toHaveLength(30);
    expect(codesOf(answers).filter((code) => code === 'LIMIT_REACHED')).toHaveLength(10);
    expect((await usdtOf(pool, shop.merchantId, 'TEST')).held - before.held).toBe(30_000_000n);
    // What was called off or failed has not left; what arrived has.
    const [a, b, c] = answers.filter((answer) => answer.__typename === 'Payout');
    if (!a || !b || !c) throw new Error('too few were made');
    accepted(await callOff(api, a), 'Payout');
    accepted(await simulateEnd(api, b.id, 'FAILED'), 'Payout');
    accepted(await simulateEnd(api, c.id), 'Payout');
    const again = await Promise.all(Array.from({ length: 5 }, () => tryPayout(api, one)));
    expect(codesOf(again).filter((code) => code === 'Payout')).toHaveLength(2);
    await kit.database.pool.query(`UPDATE payout SET created_at = created_at - interval '25 hours'`);
    expect(await tryPayout(api, one)).toMatchObject({ status: 'QUEUED' });
    await policy({});
  });
});
