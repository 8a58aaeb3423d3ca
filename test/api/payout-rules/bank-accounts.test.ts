import { beforeEach, describe, expect, test } from 'vitest';
import { createBankAccountStore } from '../../../src/adapters/db/bank-account-store.ts';
import { createWithdrawalStore } from '../../../src/adapters/db/withdrawal-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { bankAccountCheck } from '../../../src/usecases/bank-account/bank-account-check.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetPresence, stepUp } from '../../testkit/sessions.ts';

type AddInput = operations.BankAccountAddMutationVariables['input'];

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const counts = () => rowCounts(kit.database.pool, ['bank_account', 'event']);
const shops = { count: 0 };
const openNext = () => openShop(kit, `bank${(shops.count += 1)}@shop.example`, clock.now());
let shop: DemoMerchant;
beforeEach(async () => {
  shop = await openNext();
});

const DETAILS = {
  currency: 'EUR',
  holder: 'Acme Ltd',
  account: 'DE89 3704 0044 0532 0130 00',
  country: 'DE',
} as const;
const tryAdd = async (input: Partial<AddInput> = {}) =>
  (
    await shop.owner.send(operations.BankAccountAddDocument, {
      input: { merchantId: shop.merchantId, ...DETAILS, ...input },
    })
  ).bankAccountAdd;
const add = async (input: Partial<AddInput> = {}) => accepted(await tryAdd(input), 'BankAccount');
const tryRemove = async (bankAccountId: string, by = shop) =>
  (await by.owner.send(operations.BankAccountRemoveDocument, { input: { bankAccountId } })).bankAccountRemove;
const listed = async () =>
  (
    await shop.owner.send(operations.PayoutRulesDocument, {})
  ).viewer.memberships[0]?.merchant.bankAccounts.edges.map(({ node }) => node.id);

function verdict(bankAccountId: string, merchantId = shop.merchantId) {
  const { pool } = kit.database;
  const check = bankAccountCheck({
    withdrawals: createWithdrawalStore(pool, uuidSource),
    bankAccounts: createBankAccountStore(pool),
    clock,
  });
  return check({ merchantId: rowIdOf(merchantId), userId: null, bankAccountId: rowIdOf(bankAccountId) });
}

describe('a bank account', () => {
  test('is added in its electronic form, and told of by its end', async () => {
    const account = await add({ holder: ' Acme Ltd ', bankCode: 'DEUTDEFF' });
    expect(account).toMatchObject({
      account: 'DE89370400440532013000',
      bankCode: 'DEUTDEFF',
      holder: 'Acme Ltd',
      removedAt: null,
    });
    expect(Date.parse(account.usableAt) - Date.parse(account.createdAt)).toBe(24 * 3_600_000);
    expect(await listed()).toEqual([account.id]);
    const { rows } = await kit.database.pool.query<{ data: unknown }>(
      'SELECT type, data FROM event WHERE subject_id = $1',
      [rowIdOf(account.id)],
    );
    expect(rows).toMatchObject([{ type: 'bank_account.added', data: { account: '…3000', country: 'DE' } }]);
    expect(JSON.stringify(rows)).not.toContain('0532013000');
  });

  test('is there once, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => tryAdd()));
    expect(answers.filter(({ __typename }) => __typename === 'BankAccount')).toHaveLength(1);
    expect(answers.filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE')).toHaveLength(9);
    await add({ currency: 'USD' });
    expect(await listed()).toHaveLength(2);
  });

  test('that is none, or of a stranger, changes nothing', async () => {
    const mine = await add();
    const stranger = await openNext();
    const before = await counts();
    expect(await tryAdd({ account: 'DE00370400440532013000' })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'account'],
    });
    expect(await tryAdd({ currency: 'BTC' })).toMatchObject({ path: ['input', 'currency'] });
    expect(await tryAdd({ merchantId: stranger.merchantId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await tryRemove(mine.id, stranger)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await tryRemove(globalIdOf('BankAccount', crypto.randomUUID()))).toMatchObject({
      code: 'NOT_FOUND',
    });
    await forgetPresence(kit.database.pool);
    expect(await tryAdd({ currency: 'USD' })).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await tryRemove(mine.id)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await counts()).toEqual(before);
  });

  test('is removed at once, and cools off again when it comes back', async () => {
    const account = await add();
    // The hold of the shop's new LIVE key ends before the cool-off does.
    clock.advance({ hours: 2 });
    await stepUp(kit.database.pool, shop.sessionToken, clock.now());
    const removed = await Promise.all(Array.from({ length: 10 }, () => tryRemove(account.id)));
    expect(new Set(removed.map((row) => accepted(row, 'BankAccount').removedAt)).size).toBe(1);
    expect(await eventTypes(kit.database.pool, account.id)).toEqual([
      'bank_account.added',
      'bank_account.removed',
    ]);
    expect(await listed()).toEqual([]);
    const again = await add();
    expect(again.id).not.toBe(account.id);
    clock.advance({ hours: 23 });
    expect(await verdict(account.id)).toMatchObject({ reason: 'ADDRESS_NOT_LISTED' });
    expect(await verdict(again.id)).toMatchObject({ reason: 'ADDRESS_COOLING_OFF' });
    clock.advance({ hours: 1 });
    expect(await verdict(again.id)).toEqual({ allowed: true });
    const stranger = await openNext();
    clock.advance({ hours: 24 });
    expect(await verdict(again.id, stranger.merchantId)).toMatchObject({ reason: 'ADDRESS_NOT_LISTED' });
  });

  test('is not paid while payouts are held', async () => {
    const account = await add();
    await kit.database.pool.query('UPDATE bank_account SET usable_at = created_at');
    expect(await verdict(account.id)).toMatchObject({ reason: 'HELD', hold: 'API_KEY_CHANGED' });
  });
});
