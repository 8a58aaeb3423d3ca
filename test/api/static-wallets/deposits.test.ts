import { beforeEach, describe, expect, test } from 'vitest';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { eventTypes, everythingTold, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { attempt } from '../../testkit/outcome.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { balancesOf, createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { make } from '../api-key/key-shop.ts';
import {
  activate,
  block,
  createWallet,
  deposit,
  depositsOf,
  preview,
  resolve,
  walletKey,
} from './wallet-shop.ts';

const kit = usePlatform();

/** A merchant of each test's own, so that balances are exact. */
let merchant: DemoMerchant;
let api: ApiClient;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  merchant = await openMerchant(kit.platform, `ada${merchants}@shop.example`);
  api = await walletKey(kit.platform, merchant);
});

const feesOf = (basisPoints: number, fixed: string, network: string) =>
  kit.database.pool.query(
    `INSERT INTO fee_schedule (id, merchant_id, basis_points, fixed, network, updated_at)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, now())
     ON CONFLICT ((COALESCE(project_id, merchant_id, '00000000-0000-0000-0000-000000000000'::uuid)))
     DO UPDATE SET basis_points = excluded.basis_points, fixed = excluded.fixed, network = excluded.network`,
    [
      rowIdOf(merchant.merchantId),
      basisPoints,
      JSON.stringify({ USDT: fixed }),
      JSON.stringify({ 'USDT/ETHEREUM': network }),
    ],
  );
const settleIn = (currency: string | null) =>
  kit.database.pool.query('UPDATE project SET settlement_currency = $2 WHERE id = $1', [
    rowIdOf(merchant.projectId),
    currency,
  ]);

/** The balances of the merchant's own TEST accounts that are not zero. */
async function accounts(): Promise<Record<string, string>> {
  const { rows } = await kit.database.pool.query<{ name: string; balance: string }>(
    `SELECT kind || ' ' || asset AS name, balance::text FROM ledger_account
     WHERE merchant_id = $1 AND balance <> 0 ORDER BY 1`,
    [rowIdOf(merchant.merchantId)],
  );
  return Object.fromEntries(rows.map(({ name, balance }) => [name, balance]));
}

describe('a deposit', () => {
  test('is credited at once, and told to people and programs', async () => {
    const wallet = await createWallet(api);
    const sent = await deposit(api, wallet.id, { amount: '12.5' });
    expect(sent).toMatchObject({
      status: 'CREDITED',
      exception: 'NONE',
      amount: { amount: '12.500000' },
      credited: { amount: '12.500000' },
      settled: { amount: '12.500000', currency: { code: 'USDT' } },
      held: { amount: '0.000000' },
      staticWallet: { id: wallet.id },
      invoice: null,
    });
    expect(await balancesOf(api)).toEqual({ USDT: ['0.000000', '12.500000', '0.000000'] });
    expect(await eventTypes(kit.database.pool, wallet.id)).toEqual([
      'static_wallet.created',
      'deposit.detected',
      'deposit.credited',
    ]);
    await everythingTold(kit.database.pool);
    const { notifications } = await merchant.owner.send(operations.NotificationsDocument, { first: 100 });
    expect(notifications.edges.map((e) => e.node.type).filter((type) => type.startsWith('DEPOSIT'))).toEqual([
      'DEPOSIT_CREDITED',
    ]);
    const mail = kit.platform.mail.mails.filter(
      (m) => m.recipients.includes(merchant.email) && m.parsed.text?.includes('customer-1'),
    );
    expect(mail.map((m) => m.parsed.text)).toEqual([expect.stringContaining('12.500000\u00a0USDT')]);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('is one write: nobody sees it seen but not credited', async () => {
    const wallet = await createWallet(api);
    await deposit(api, wallet.id);
    const { rows } = await kit.database.pool.query<{ writes: number }>(
      `SELECT count(DISTINCT txid)::int AS writes FROM event WHERE subject_id = $1 AND type LIKE 'deposit.%'`,
      [rowIdOf(wallet.id)],
    );
    expect(rows[0]?.writes).toBe(1);
  });

  test('pays the fees of the moment', async () => {
    const wallet = await createWallet(api);
    await feesOf(150, '250000', '1000000');
    expect(await deposit(api, wallet.id, { amount: '100' })).toMatchObject({
      fee: { amount: '1.750000' },
      networkFee: { amount: '1.000000' },
      settled: { amount: '97.250000' },
    });
    await feesOf(0, '0', '0');
    expect(await deposit(api, wallet.id, { amount: '100' })).toMatchObject({
      fee: { amount: '0.000000' },
      settled: { amount: '100.000000' },
    });
    expect(await accounts()).toEqual({ 'AVAILABLE USDT': '197250000' });
    await expectLedgerInBalance(kit.database.pool);
  });

  test('of less than the fees leaves nothing, and no debt', async () => {
    const wallet = await createWallet(api);
    await feesOf(0, '250000', '1000000');
    expect(await deposit(api, wallet.id, { amount: '0.000001' })).toMatchObject({
      status: 'CREDITED',
      fee: { amount: '0.000001' },
      networkFee: { amount: '0.000000' },
      settled: { amount: '0.000000' },
    });
    expect(await accounts()).toEqual({});
  });

  test('is converted into the settlement currency; without a rate it is held until somebody decides', async () => {
    const wallet = await createWallet(api);
    await settleIn('USD');
    const sent = await deposit(api, wallet.id, { asset: 'ETH', amount: '0.5' });
    expect(sent).toMatchObject({
      status: 'CREDITED',
      rate: '3000',
      settled: { amount: '1500.00', currency: { code: 'USD' } },
    });
    expect(await accounts()).toEqual({ 'AVAILABLE USD': '150000' });
    // No source knows a rate in the code that ISO 4217 keeps for tests.
    await settleIn('XTS');
    const bare = await deposit(api, wallet.id, { asset: 'USDC', amount: '3' });
    expect(bare).toMatchObject({
      status: 'CONFIRMED',
      exception: 'UNPRICED',
      held: { amount: '3.000000' },
      heldReason: 'UNPRICED',
    });
    expect(await resolve(api, bare.id, 'CREDIT')).toMatchObject({ code: 'RATE_UNAVAILABLE' });
    expect(await preview(api, bare.id, 'CREDIT')).toMatchObject({ code: 'RATE_UNAVAILABLE' });
    await settleIn(null);
    expect(await resolve(api, bare.id, 'CREDIT')).toMatchObject({
      status: 'CREDITED',
      held: { amount: '0.000000' },
      settled: { amount: '3.000000', currency: { code: 'USDC' } },
    });
    expect(await accounts()).toEqual({ 'AVAILABLE USD': '150000', 'AVAILABLE USDC': '3000000' });
    await expectLedgerInBalance(kit.database.pool);
  });

  test('made 30 times at once is credited 30 times, to the smallest unit', async () => {
    const wallet = await createWallet(api);
    await feesOf(33, '7', '11');
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => deposit(api, wallet.id, { amount: `1.0000${10 + i}` })),
    );
    const sums = Array.from({ length: 30 }, (_, i) => 1_000_010n + BigInt(i));
    const net = sums.reduce((sum, amount) => sum + amount - ((amount * 33n) / 10_000n + 7n + 11n), 0n);
    expect(await accounts()).toEqual({ 'AVAILABLE USDT': net.toString() });
    const deposits = await depositsOf(api, wallet.id);
    expect(deposits).toHaveLength(30);
    expect(new Set(deposits.map(({ status }) => status))).toEqual(new Set(['CREDITED']));
    expect((await eventTypes(kit.database.pool, wallet.id)).toSorted()).toEqual([
      ...Array.from({ length: 30 }, () => 'deposit.credited'),
      ...Array.from({ length: 30 }, () => 'deposit.detected'),
      'static_wallet.created',
    ]);
    await expectLedgerInBalance(kit.database.pool);
  });
});

describe('a blocked wallet', () => {
  test('holds what comes; it is credited or sent back by a decision', async () => {
    const wallet = await createWallet(api);
    await deposit(api, wallet.id, { amount: '1' });
    await block(api, wallet.id);
    const held = await deposit(api, wallet.id, { amount: '20' });
    const back = await deposit(api, wallet.id, { amount: '300' });
    expect(held).toMatchObject({
      status: 'CONFIRMED',
      exception: 'WALLET_BLOCKED',
      held: { amount: '20.000000' },
      heldReason: 'WALLET_BLOCKED',
      settled: null,
    });
    expect(await balancesOf(api)).toEqual({ USDT: ['0.000000', '1.000000', '320.000000'] });
    await feesOf(100, '0', '0');
    expect(await preview(api, held.id, 'CREDIT')).toMatchObject({
      amount: { amount: '20.000000' },
      fee: { amount: '0.200000' },
      credited: { amount: '19.800000', currency: { code: 'USDT' } },
    });
    expect(await balancesOf(api)).toEqual({ USDT: ['0.000000', '1.000000', '320.000000'] });
    await activate(api, wallet.id);
    // What was seen while it was blocked stays held, what comes now is credited.
    await deposit(api, wallet.id, { amount: '4000' });
    expect(await balancesOf(api)).toEqual({ USDT: ['0.000000', '3961.000000', '320.000000'] });
    for (let times = 0; times < 2; times++) {
      expect(await resolve(api, held.id, 'CREDIT')).toMatchObject({
        status: 'CREDITED',
        exception: 'WALLET_BLOCKED',
        fee: { amount: '0.200000' },
        held: { amount: '0.000000' },
      });
      expect(await resolve(api, back.id, 'REBOUND')).toMatchObject({
        decision: 'REBOUND',
        held: { amount: '300.000000' },
      });
    }
    expect(await accounts()).toEqual({ 'AVAILABLE USDT': '3980800000', 'HELD USDT': '300000000' });
    expect((await eventTypes(kit.database.pool, wallet.id)).slice(-2)).toEqual([
      'deposit.credited',
      'deposit.rebound_requested',
    ]);
    expect(await resolve(api, held.id, 'REBOUND')).toMatchObject({ code: 'WRONG_STATE' });
    await expectLedgerInBalance(kit.database.pool);
  });

  test('is decided on once, also by ten at once', async () => {
    const wallet = await createWallet(api);
    await block(api, wallet.id);
    const { id } = await deposit(api, wallet.id, { amount: '20' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => resolve(api, id, 'CREDIT')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await accounts()).toEqual({ 'AVAILABLE USDT': '20000000' });
  });

  test('while 30 deposits come, it blocked in between: each is credited or held, none by halves', async () => {
    const wallet = await createWallet(api);
    const sent = Array.from({ length: 30 }, () => deposit(api, wallet.id, { amount: '1' }));
    await sent[0];
    const blocked = block(api, wallet.id);
    const [deposits] = await Promise.all([Promise.all(sent), blocked]);
    const credited = deposits.filter(({ status }) => status === 'CREDITED');
    const held = deposits.filter(({ heldReason }) => heldReason === 'WALLET_BLOCKED');
    expect(credited.length).toBeGreaterThan(0);
    expect(credited.length + held.length).toBe(30);
    expect(await deposit(api, wallet.id, { amount: '1' })).toMatchObject({ heldReason: 'WALLET_BLOCKED' });
    const { USDT } = await balancesOf(api);
    expect(USDT).toEqual(['0.000000', `${credited.length}.000000`, `${held.length + 1}.000000`]);
    await expectLedgerInBalance(kit.database.pool);
  });
});

describe('the deposits of a wallet', () => {
  test('are listed newest first, and no payment of an invoice among them', async () => {
    const wallet = await createWallet(api);
    const other = await createWallet(api, { customerRef: 'customer-2' });
    await deposit(api, other.id);
    const invoice = await createInvoice(merchant.test);
    await simulatePayment(merchant.test, invoice.id, (await createQuote(merchant.test, invoice.id)).id);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await deposit(api, wallet.id)).id);
    expect((await depositsOf(api, wallet.id)).map(({ id }) => id)).toEqual(ids);
    const page = async (variables: Omit<operations.StaticWalletDepositsQueryVariables, 'id'>) => {
      const { staticWallet } = await api.send(operations.StaticWalletDepositsDocument, {
        id: wallet.id,
        ...variables,
      });
      return staticWallet?.deposits;
    };
    const first = await page({ first: 2 });
    const second = await page({ first: 2, after: first?.pageInfo.endCursor ?? null });
    expect([...(first?.edges ?? []), ...(second?.edges ?? [])].map((e) => e.node.id)).toEqual(
      ids.slice(0, 4),
    );
    const foreign = { id: other.id, after: first?.pageInfo.endCursor ?? null };
    expect(await attempt(operations.StaticWalletDepositsDocument, foreign)(api)).toEqual({
      errors: [expect.objectContaining({ code: 'INVALID_INPUT' })],
    });
  });

  test('can be decided on only with the right to', async () => {
    const wallet = await createWallet(api);
    await block(api, wallet.id);
    const held = await deposit(api, wallet.id);
    const { projectId } = merchant;
    const reader = kit.platform.api.as(
      (await make(merchant.owner, { projectId, scopes: ['STATIC_WALLET_READ', 'STATIC_WALLET_WRITE'] }))
        .secret,
    );
    const live = await walletKey(kit.platform, merchant, 'LIVE');
    const stranger = await openMerchant(kit.platform, `eve${merchants}@other.example`);
    const before = await rowCounts(kit.database.pool, ['posting', 'event']);
    for (const caller of [reader, live, stranger.owner]) {
      for (const resolution of ['CREDIT', 'REBOUND'] as const) {
        expect(await resolve(caller, held.id, resolution)).toMatchObject({ code: 'NOT_FOUND' });
        expect(await preview(caller, held.id, resolution)).toMatchObject({ code: 'NOT_FOUND' });
      }
    }
    expect(await rowCounts(kit.database.pool, ['posting', 'event'])).toEqual(before);
  });
});
