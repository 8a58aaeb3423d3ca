import type { CanSend } from '../../../src/usecases/ports/can-send.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import { eventTypes, globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { bookAvailable } from '../payout-rules/fiat-shop.ts';
import {
  insertColleague,
  openPayoutShop,
  payout,
  PAYEE,
  preview,
  requestOf,
  setPolicy,
  traces,
  tryPayout,
  usdtOf,
  type Asked,
} from './payout-shop.ts';

const clock = createMovableClock();
/** As if the gateway had no settings of one network. */
const canSend: CanSend = (network) => network !== 'CRONOS';
const kit = usePlatform({ overrides: { clock, canSend } });

let shop: DemoMerchant;
let stranger: DemoMerchant;
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@payouts.example');
  stranger = await openPayoutShop(kit, clock, 'eve@payouts.example');
});

const ask = (more: Asked = {}, api = shop.owner) => tryPayout(api, requestOf(shop.merchantId, more));
const live = () => usdtOf(kit.database.pool, shop.merchantId);

async function unwritten(work: () => Promise<void>): Promise<void> {
  const before = await traces(kit.database.pool);
  await work();
  expect(await traces(kit.database.pool)).toEqual(before);
}

/** Fees of the gateway for everybody: 1 USDT for a payout, 2 for sending it. */
const setFees = (fixed: object, network: object) =>
  kit.database.pool.query(
    `INSERT INTO fee_schedule (id, merchant_id, basis_points, fixed, network, updated_at)
     VALUES (gen_random_uuid(), $1, 0, $2, $3, now())
     ON CONFLICT ((COALESCE(project_id, merchant_id, '00000000-0000-0000-0000-000000000000'::uuid)))
     DO UPDATE SET fixed = excluded.fixed, network = excluded.network`,
    [rowIdOf(shop.merchantId), JSON.stringify(fixed), JSON.stringify(network)],
  );

describe('a payout', () => {
  test('sets its amount aside at once, and tells of it', async () => {
    const before = await live();
    const made = await payout(
      shop.owner,
      requestOf(shop.merchantId, { address: PAYEE.toLowerCase(), reference: ' Rent ' }),
    );
    expect(made).toMatchObject({
      status: 'QUEUED',
      origin: 'REQUEST',
      mode: 'LIVE',
      address: PAYEE,
      reference: 'Rent',
      debited: { amount: '10.000000' },
      arrives: { amount: '10.000000' },
      approvalsRequired: 0,
    });
    const after = await live();
    expect([before.available - after.available, after.held - before.held]).toEqual([
      10_000_000n,
      10_000_000n,
    ]);
    expect(await eventTypes(kit.database.pool, made.id)).toEqual(['payout.requested', 'payout.queued']);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('goes over networks that the gateway sends over, unless it is of play money', async () => {
    await unwritten(async () => {
      expect(await ask({ network: 'CRONOS' })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'network'],
      });
    });
    const played = requestOf(shop.merchantId, { network: 'CRONOS', mode: 'TEST' });
    expect(await payout(shop.owner, played)).toMatchObject({ mode: 'TEST' });
  });

  test('by a key goes to its own project and mode', async () => {
    const made = await payout(shop.live, requestOf(null));
    expect(made).toMatchObject({ mode: 'LIVE', status: 'QUEUED' });
    const { rows } = await kit.database.pool.query(
      'SELECT project_id, actor_type FROM payout WHERE id = $1',
      [rowIdOf(made.id)],
    );
    expect(rows).toEqual([{ project_id: rowIdOf(shop.projectId), actor_type: 'API_KEY' }]);
    await unwritten(async () => {
      expect(await tryPayout(shop.live, requestOf(null, { mode: 'TEST' }))).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await tryPayout(shop.live, requestOf(stranger.merchantId))).toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  test('is of as much at least as the gateway says, which everybody can read', async () => {
    const setMinimum = (amounts: object) =>
      kit.database.pool.query('UPDATE fee_schedule SET payout_minimums = $1', [JSON.stringify(amounts)]);
    const minimums = async () =>
      (await shop.owner.send(operations.PayoutMinimumsDocument, {})).viewer.memberships[0]?.merchant
        .payoutMinimums;
    expect(await minimums()).toContainEqual({ amount: '130.00', currency: { code: 'EUR' } });
    await setFees({}, {});
    await setMinimum({ USDT: '6000000' });
    try {
      expect(await minimums()).toContainEqual({ amount: '6.000000', currency: { code: 'USDT' } });
      for (const answer of [
        await ask({ amount: '5.999999' }),
        await preview(shop.owner, requestOf(shop.merchantId, { amount: '5.999999' })),
      ])
        expect(answer).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'amount'] });
      expect(await ask({ amount: '6' })).toMatchObject({ status: 'QUEUED' });
    } finally {
      await setMinimum({});
    }
  });

  test('is previewed with whether the day’s limit leaves as much, as it is asked when it is made', async () => {
    const { merchantId } = stranger;
    const limit = [{ currency: 'USDT', amount: '25' }] as const;
    accepted(await setPolicy(stranger.owner, merchantId, { dailyLimit: [...limit] }), 'Merchant');
    await payout(stranger.owner, requestOf(merchantId, { amount: '10' }));
    for (const [amount, isWithinDayLimit] of [
      ['15', true],
      ['15.000001', false],
    ] as const)
      expect(await preview(stranger.owner, requestOf(merchantId, { amount }))).toMatchObject({
        isWithinDayLimit,
      });
    expect(await tryPayout(stranger.owner, requestOf(merchantId, { amount: '15.000001' }))).toMatchObject({
      code: 'LIMIT_REACHED',
    });
  });

  test('is previewed with its fees, to the unit as it is made then, and nothing is written', async () => {
    await setFees({ USDT: '1000000' }, { 'USDT/ETHEREUM': '2000000' });
    try {
      await unwritten(async () => {
        expect(await preview(shop.owner, requestOf(shop.merchantId, { amount: '2000' }))).toMatchObject({
          debited: { amount: '2000.000000' },
          isCovered: false,
        });
      });
      for (const feesFrom of ['AMOUNT', 'BALANCE'] as const) {
        const told = await preview(shop.owner, requestOf(shop.merchantId, { feesFrom }));
        const made = await payout(shop.owner, requestOf(shop.merchantId, { feesFrom }));
        for (const part of ['debited', 'fee', 'networkFee', 'arrives'] as const)
          expect(accepted(told, 'PayoutPreview')[part]).toEqual(made[part]);
        expect([made.fee.amount, made.networkFee.amount]).toEqual(['1.000000', '2.000000']);
        expect([made.debited.amount, made.arrives.amount]).toEqual(
          feesFrom === 'BALANCE' ? ['13.000000', '10.000000'] : ['10.000000', '7.000000'],
        );
      }
      await unwritten(async () => {
        expect(await ask({ amount: '3' })).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', 'amount'],
        });
      });
    } finally {
      await setFees({}, {});
    }
  });

  test.each<[string, Asked, string]>([
    ['of nothing', { amount: '0' }, 'amount'],
    ['of less than nothing', { amount: '-1' }, 'amount'],
    ['of a part of the smallest unit', { amount: '0.0000001' }, 'amount'],
    ['beyond all trade', { amount: '1000000000000001' }, 'amount'],
    ['over no network', { network: null }, 'network'],
    ['over a network that does not carry it', { network: 'BITCOIN' }, 'network'],
    ['to no address', { address: null }, 'address'],
    ['to a mistyped address', { address: `${PAYEE.slice(0, -1)}8` }, 'address'],
    [
      'to an address of another network',
      { address: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' },
      'address',
    ],
    ['to an address without end', { address: '0x'.padEnd(100_000, 'a') }, 'address'],
    ['with a reference of two lines', { reference: 'a\nb' }, 'reference'],
    ['with a long reference', { reference: 'x'.repeat(141) }, 'reference'],
    ['with an empty key', { idempotencyKey: '' }, 'idempotencyKey'],
    ['with a long key', { idempotencyKey: 'x'.repeat(256) }, 'idempotencyKey'],
    ['of euros to an address', { currency: 'EUR', amount: '200' }, 'network'],
    [
      'of euros to nowhere',
      { currency: 'EUR', amount: '200', network: null, address: null },
      'bankAccountId',
    ],
    ['of less than the least', { currency: 'ETH', amount: '0.09' }, 'amount'],
  ])('%s is refused by its field', async (_name, more, field) => {
    await unwritten(async () => {
      expect(await ask(more)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] });
      if (!('idempotencyKey' in more))
        expect(await preview(shop.owner, requestOf(shop.merchantId, more))).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', field],
        });
    });
  });

  test('is nobody else’s to ask for', async () => {
    const { pool } = kit.database;
    const support = await insertColleague(pool, shop, kit.platform.api, clock.now(), 'SUPPORT');
    await unwritten(async () => {
      for (const api of [stranger.owner, support.api]) {
        expect(await ask({}, api)).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'merchantId'] });
        expect(await preview(api, requestOf(shop.merchantId))).toMatchObject({ code: 'NOT_FOUND' });
      }
      expect(await ask({ merchantId: null })).toMatchObject({ code: 'INVALID_INPUT' });
    });
    const finance = await insertColleague(pool, shop, kit.platform.api, clock.now());
    expect(await ask({}, finance.api)).toMatchObject({ status: 'QUEUED' });
  });

  test.each([
    ['no list of addresses', '{}', false],
    ['a list of half the world', '{0.0.0.0/1,::/1}', false],
    ['a narrow list', '{127.0.0.0/16,::1/128}', true],
  ])('is asked for and previewed by a LIVE key with %s as the rule says', async (_name, ranges, isBound) => {
    const { pool } = kit.database;
    const limit = (list: string) =>
      pool.query('UPDATE api_key SET ip_ranges = $2 WHERE project_id = $1', [rowIdOf(shop.projectId), list]);
    await limit(ranges);
    const request = requestOf(null, { amount: '12.5' });
    if (isBound) {
      const told = accepted(await preview(shop.live, request), 'PayoutPreview');
      const { debited, fee, networkFee, arrives, approvalsRequired } = told;
      const made = await payout(shop.live, request);
      expect(made).toMatchObject({ debited, fee, networkFee, arrives, approvalsRequired });
    } else {
      // Neither what the balance covers nor what the merchant's rules ask is told to it.
      await unwritten(async () => {
        expect(await errorCodes(preview(shop.live, request))).toEqual(['FORBIDDEN']);
        expect(await errorCodes(tryPayout(shop.live, request))).toEqual(['FORBIDDEN']);
      });
    }
    await limit('{127.0.0.0/16,::1/128,::ffff:127.0.0.0/112}');
  });

  test('of more than there is, or of what is owed, is refused', async () => {
    const { available } = await live();
    const more = `${available / 1_000_000n}.${String((available % 1_000_000n) + 1n).padStart(6, '0')}`;
    await unwritten(async () => {
      expect(await ask({ amount: more })).toMatchObject({ code: 'BALANCE_SHORT', path: ['input', 'amount'] });
    });
  });

  test('is made once by its key, for ever, also by ten at once', async () => {
    const key = { idempotencyKey: 'rent-11' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(key)));
    expect(new Set(answers.map((answer) => accepted(answer, 'Payout').id)).size).toBe(1);
    await unwritten(async () => {
      expect(await ask({ ...key, amount: '11' })).toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
        path: ['input', 'idempotencyKey'],
      });
      // Whatever holds payouts back by now: the first answer stands.
      await kit.database.pool.query('UPDATE merchant SET whitelist_on = true WHERE id = $1', [
        rowIdOf(shop.merchantId),
      ]);
      expect(await ask(key)).toEqual(answers[0]);
    });
    await kit.database.pool.query('UPDATE merchant SET whitelist_on = false WHERE id = $1', [
      rowIdOf(shop.merchantId),
    ]);
  });
});

describe('a payout to a bank account', () => {
  test('goes to an account of the merchant in its currency, after its cool-off', async () => {
    const { pool } = kit.database;
    await bookAvailable(pool, shop.merchantId, 'EUR', 100_000n);
    const add = async (by: DemoMerchant) =>
      accepted(
        (
          await by.owner.send(operations.BankAccountAddDocument, {
            input: {
              merchantId: by.merchantId,
              currency: 'EUR',
              holder: 'Acme Ltd',
              account: 'DE89370400440532013000',
              country: 'DE',
            },
          })
        ).bankAccountAdd,
        'BankAccount',
      ).id;
    const [ours, theirs] = [await add(shop), await add(stranger)];
    const euros = (bankAccountId: string, more: Asked = {}) =>
      ask({ currency: 'EUR', amount: '200', network: null, address: null, bankAccountId, ...more });
    await unwritten(async () => {
      for (const id of [theirs, globalIdOf('BankAccount', crypto.randomUUID())])
        expect(await euros(id)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'bankAccountId'] });
      expect(await euros(ours, { currency: 'USD' })).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await euros(ours, { amount: '129.99' })).toMatchObject({ path: ['input', 'amount'] });
      expect(await euros(ours)).toMatchObject({ code: 'WRONG_STATE', path: ['input', 'bankAccountId'] });
    });
    await pool.query('UPDATE bank_account SET usable_at = now()');
    expect(await euros(ours)).toMatchObject({ status: 'QUEUED', network: null });
    await pool.query('UPDATE bank_account SET removed_at = now()');
    await unwritten(async () => {
      expect(await euros(ours)).toMatchObject({ code: 'INVALID_INPUT' });
    });
  });
});
