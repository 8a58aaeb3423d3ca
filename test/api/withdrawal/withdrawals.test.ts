import { beforeEach, describe, expect, test } from 'vitest';
import { addressFormats } from '../../../src/adapters/chain/addresses/address-formats.ts';
import { startHold } from '../../../src/adapters/db/hold-insert.ts';
import { inTransaction } from '../../../src/adapters/db/transaction.ts';
import { createWithdrawalStore } from '../../../src/adapters/db/withdrawal-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import type { HoldReason } from '../../../src/domain/access/withdrawal-hold.ts';
import * as operations from '../../../src/generated/documents.ts';
import { withdrawalCheck } from '../../../src/usecases/withdrawal/withdrawal-check.ts';
import { eventTypes, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { insertUser } from '../../testkit/people.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetPresence, stepUp } from '../../testkit/sessions.ts';
import { holdsOf } from '../api-key/key-shop.ts';

type AddInput = operations.WithdrawalAddressAddMutationVariables['input'];

const SAFE = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const OTHER = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const counts = () => rowCounts(kit.database.pool, ['withdrawal_address', 'withdrawal_hold', 'event']);
const shops = { count: 0 };
let shop: DemoMerchant;
/** The owner. */
let person: string;
beforeEach(async () => {
  shop = await openMerchant(kit.platform, `payout${(shops.count += 1)}@shop.example`);
  // Making the shop's LIVE key held its payouts back.
  clock.advance({ hours: 24 });
  await signInAgain();
  person = rowIdOf((await shop.owner.send(operations.ViewerDocument, {})).viewer.id);
});

/** Sessions do not outlive a day without activity. */
async function signInAgain(): Promise<void> {
  const token = await signIn(kit.platform, shop.email);
  await stepUp(kit.database.pool, token, clock.now());
  shop = { ...shop, owner: kit.platform.api.as(token) };
}

const tryAdd = async (input: Partial<AddInput> = {}) =>
  (
    await shop.owner.send(operations.WithdrawalAddressAddDocument, {
      input: { merchantId: shop.merchantId, network: 'ETHEREUM', address: SAFE, label: 'vault', ...input },
    })
  ).withdrawalAddressAdd;
const add = async (input: Partial<AddInput> = {}) => accepted(await tryAdd(input), 'WithdrawalAddress');
const tryRemove = async (withdrawalAddressId: string) =>
  (await shop.owner.send(operations.WithdrawalAddressRemoveDocument, { input: { withdrawalAddressId } }))
    .withdrawalAddressRemove;
const remove = async (withdrawalAddressId: string) =>
  accepted(await tryRemove(withdrawalAddressId), 'WithdrawalAddress');
const trySwitch = async (enabled: boolean) =>
  (
    await shop.owner.send(operations.WithdrawalWhitelistUpdateDocument, {
      input: { merchantId: shop.merchantId, enabled },
    })
  ).withdrawalWhitelistUpdate;
const overview = async () =>
  (await shop.owner.send(operations.WithdrawalsDocument, {})).viewer.memberships[0]?.merchant;
const status = async () => (await overview())?.withdrawalStatus;

/** What a payout to this address would be told now. */
async function verdict(address = SAFE, by: string | null = person) {
  const withdrawals = createWithdrawalStore(kit.database.pool, uuidSource);
  const check = withdrawalCheck({ withdrawals, formats: addressFormats, clock });
  const merchantId = rowIdOf(shop.merchantId);
  return check({ merchantId, userId: by, network: 'ETHEREUM', address });
}

const hold = (reason: HoldReason, who: { userId: string | null; merchantId: string | null }) =>
  inTransaction(kit.database.pool, (client) =>
    startHold(client, uuidSource, { ...who, reason, at: clock.now() }),
  );

describe('an address', () => {
  test('is listed in its canonical form and usable a day later', async () => {
    const listed = await add({ address: ` ${SAFE.toLowerCase()} `, label: ' vault ' });
    expect(listed).toMatchObject({ network: 'ETHEREUM', address: SAFE, label: 'vault', removedAt: null });
    expect(Date.parse(listed.usableAt) - Date.parse(listed.createdAt)).toBe(24 * 3_600_000);
    expect(await eventTypes(kit.database.pool, listed.id)).toEqual(['withdrawal_address.added']);
    expect((await overview())?.withdrawalAddresses.edges.map(({ node }) => node)).toEqual([
      { id: listed.id, network: 'ETHEREUM', address: SAFE, label: 'vault' },
    ]);
  });

  test('is listed once, however it is written and however many ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => tryAdd({ address: i % 2 === 0 ? SAFE : SAFE.toLowerCase() })),
    );
    expect(answers.filter((answer) => answer.__typename === 'WithdrawalAddress')).toHaveLength(1);
    expect(answers.filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE')).toHaveLength(9);
    expect((await overview())?.withdrawalAddresses.edges).toHaveLength(1);
    await add({ network: 'CRONOS' });
    expect((await overview())?.withdrawalAddresses.edges).toHaveLength(2);
  });

  test.each([
    ['an address of another network', { network: 'BITCOIN' }, 'address'],
    ['a typing mistake', { address: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d358' }, 'address'],
    ['an endless address', { address: 'x'.repeat(100_000) }, 'address'],
    ['no label', { label: '  ' }, 'label'],
    ['a label of two lines', { label: 'a\nb' }, 'label'],
    ['a long label', { label: 'x'.repeat(101) }, 'label'],
  ] as const)('%s is refused', async (_name, input, field) => {
    const before = await counts();
    expect(await tryAdd(input)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] });
    expect(await counts()).toEqual(before);
  });

  test('is listed and taken off by somebody who is there', async () => {
    const listed = await add();
    await forgetPresence(kit.database.pool);
    const before = await counts();
    expect(await tryAdd({ address: OTHER })).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await tryRemove(listed.id)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await counts()).toEqual(before);
    await signInAgain();
    const removed = await Promise.all(Array.from({ length: 5 }, () => remove(listed.id)));
    expect(new Set(removed.map(({ removedAt }) => removedAt)).size).toBe(1);
    expect(removed[0]?.removedAt).not.toBeNull();
    expect(await eventTypes(kit.database.pool, listed.id)).toEqual([
      'withdrawal_address.added',
      'withdrawal_address.removed',
    ]);
    expect((await overview())?.withdrawalAddresses.edges).toEqual([]);
  });
});

describe('the whitelist', () => {
  test('lets payouts go to listed addresses after their cool-off, and nowhere else', async () => {
    expect(await verdict(OTHER)).toEqual({ allowed: true });
    const { usableAt } = await add();
    expect(await trySwitch(true)).toMatchObject({ withdrawalStatus: { held: false, whitelistOn: true } });
    expect(await verdict()).toEqual({
      allowed: false,
      reason: 'ADDRESS_COOLING_OFF',
      until: new Date(usableAt),
    });
    expect(await verdict(OTHER)).toEqual({ allowed: false, reason: 'ADDRESS_NOT_LISTED', until: null });
    clock.advance({ hours: 23, seconds: 3000 });
    expect(await verdict()).toMatchObject({ reason: 'ADDRESS_COOLING_OFF' });
    clock.advance({ seconds: 600 });
    expect(await verdict()).toEqual({ allowed: true });
    expect(await verdict(SAFE.toLowerCase(), null)).toEqual({ allowed: true });
    expect(await verdict(OTHER)).toMatchObject({ reason: 'ADDRESS_NOT_LISTED' });
    expect(await verdict('nonsense')).toEqual({ allowed: false, reason: 'ADDRESS_INVALID', until: null });
  });

  test('a removed address that is listed again cools off again', async () => {
    await trySwitch(true);
    const listed = await add();
    clock.advance({ hours: 24 });
    await signInAgain();
    expect(await verdict()).toEqual({ allowed: true });
    await remove(listed.id);
    expect(await verdict()).toMatchObject({ reason: 'ADDRESS_NOT_LISTED' });
    await add();
    expect(await verdict()).toMatchObject({ reason: 'ADDRESS_COOLING_OFF' });
  });

  test('is switched off by somebody who is there, and no payout leaves for a day', async () => {
    const before = await holdsOf(kit.database.pool, shop.merchantId);
    await trySwitch(true);
    await forgetPresence(kit.database.pool);
    const untouched = await counts();
    for (const enabled of [false, true])
      expect(await trySwitch(enabled)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await counts()).toEqual(untouched);
    expect(await status()).toMatchObject({ held: false, whitelistOn: true });

    await signInAgain();
    const off = await Promise.all(Array.from({ length: 10 }, () => trySwitch(false)));
    for (const answer of off)
      expect(answer).toMatchObject({ withdrawalStatus: { held: true, reason: 'WHITELIST_DISABLED' } });
    expect(await holdsOf(kit.database.pool, shop.merchantId)).toEqual([...before, 'WHITELIST_DISABLED']);
    const told = await status();
    expect(told).toMatchObject({ held: true, whitelistOn: false });
    expect(await verdict(OTHER)).toEqual({
      allowed: false,
      reason: 'HELD',
      hold: 'WHITELIST_DISABLED',
      until: new Date(told?.heldUntil ?? ''),
    });
    clock.advance({ hours: 24 });
    await signInAgain();
    expect(await verdict(OTHER)).toEqual({ allowed: true });
    expect(await status()).toEqual({ held: false, reason: null, heldUntil: null, whitelistOn: false });
  });

  test('each change is told once', async () => {
    for (const enabled of [true, true, false, false, true]) await trySwitch(enabled);
    const types = await eventTypes(kit.database.pool, shop.merchantId);
    expect(types.filter((type) => type === 'withdrawal_whitelist.changed')).toHaveLength(3);
  });
});

describe('a hold', () => {
  test('only grows: the end told is that of the latest change', async () => {
    const merchantId = rowIdOf(shop.merchantId);
    await hold('API_KEY_CHANGED', { userId: person, merchantId });
    const first = Date.parse((await status())?.heldUntil ?? '');
    clock.advance({ hours: 1 });
    await hold('WHITELIST_DISABLED', { userId: person, merchantId });
    const second = await status();
    expect(second?.reason).toBe('WHITELIST_DISABLED');
    expect(Date.parse(second?.heldUntil ?? '') - first).toBeGreaterThanOrEqual(3_600_000);
    clock.advance({ hours: 23, seconds: 30 });
    expect(await verdict()).toMatchObject({ reason: 'HELD', hold: 'WHITELIST_DISABLED' });
    clock.advance({ hours: 1 });
    expect(await verdict()).toEqual({ allowed: true });
  });

  test('of a person is in the way of that person everywhere, and of the merchant whose money it could be', async () => {
    await hold('PASSWORD_CHANGED', { userId: person, merchantId: null });
    expect(await status()).toMatchObject({ held: true, reason: 'PASSWORD_CHANGED' });
    for (const by of [person, null, uuidSource.next()])
      expect(await verdict(SAFE, by)).toMatchObject({ reason: 'HELD', hold: 'PASSWORD_CHANGED' });
    // Another merchant, where the person is no member, is held for the person alone.
    const { merchantId } = await openMerchant(kit.platform, `payout${(shops.count += 1)}@shop.example`);
    const withdrawals = createWithdrawalStore(kit.database.pool, uuidSource);
    const facts = (by: string | null) =>
      withdrawals.factsFor({
        merchantId: rowIdOf(merchantId),
        userIds: by === null ? [] : [by],
        network: 'ETHEREUM',
        address: SAFE,
        at: clock.now(),
      });
    const reasons = async (by: string | null) => (await facts(by))?.holds.map(({ reason }) => reason);
    expect(await reasons(null)).toEqual(['API_KEY_CHANGED']);
    expect((await reasons(person))?.toSorted()).toEqual(['API_KEY_CHANGED', 'PASSWORD_CHANGED']);
  });

  test('of somebody whose access was taken away is not the merchant’s, and is the person’s still', async () => {
    const { pool } = kit.database;
    const former = await insertUser(pool, `former${shops.count}@shop.example`);
    await pool.query(
      `INSERT INTO member (id, merchant_id, user_id, role, created_at, disabled_at)
       VALUES ($1, $2, $3, 'FINANCE', now(), now())`,
      [uuidSource.next(), rowIdOf(shop.merchantId), former],
    );
    await hold('PASSWORD_CHANGED', { userId: former, merchantId: null });
    for (const by of [person, null]) expect(await verdict(SAFE, by)).toEqual({ allowed: true });
    // Also when access is given back meanwhile.
    expect(await verdict(SAFE, former)).toMatchObject({ reason: 'HELD', hold: 'PASSWORD_CHANGED' });
  });

  test('of one merchant is not another’s', async () => {
    await hold('API_KEY_CHANGED', { userId: null, merchantId: rowIdOf(shop.merchantId) });
    const stranger = await openMerchant(kit.platform, `payout${(shops.count += 1)}@shop.example`);
    const { viewer } = await stranger.owner.send(operations.WithdrawalsDocument, {});
    const held = viewer.memberships[0]?.merchant.withdrawalStatus.heldUntil;
    expect(held).not.toBe((await status())?.heldUntil);
  });

  test('cannot be shortened, even by the database’s user', async () => {
    await hold('API_KEY_CHANGED', { userId: null, merchantId: rowIdOf(shop.merchantId) });
    for (const text of [
      'UPDATE withdrawal_hold SET ends_at = started_at',
      'DELETE FROM withdrawal_hold',
      'TRUNCATE withdrawal_hold',
    ])
      await expect(kit.database.pool.query(text), text).rejects.toThrow('withdrawal_hold');
    expect(await verdict()).toMatchObject({ reason: 'HELD' });
  });

  test('a closed merchant pays nothing out', async () => {
    await kit.database.pool.query('UPDATE merchant SET closed_at = now() WHERE id = $1', [
      rowIdOf(shop.merchantId),
    ]);
    await expect(verdict()).rejects.toThrow('closed');
  });
});
