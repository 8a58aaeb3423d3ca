import { describe, expect, test } from 'vitest';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { make } from '../api-key/key-shop.ts';
import { createWallet, deposit, walletKey } from '../static-wallets/wallet-shop.ts';
import { endingCodes } from '../../testkit/live-clients.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { BEGINNING, insertMember, next, payInvoice, takeUntil, TRANSPORTS } from './live-shop.ts';

const kit = usePlatform({ env: { ROLES: 'api' } });

let shops = 0;
const anotherShop = () => openShop(kit, `shop${(shops += 1)}@shop.example`);

/** So many invoices of 12.50 USD are paid at once. */
const BURST = 12;
const payMany = (shop: DemoMerchant) => Promise.all(Array.from({ length: BURST }, () => payInvoice(shop)));

const availableIn = ({ balanceUpdated: { balances } }: operations.BalanceUpdatedSubscription) =>
  Number(balances[0]?.available.amount ?? 0);

const today = (): { from: string; to: string } => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  return { from: day(-1), to: day(1) };
};

describe.each(TRANSPORTS)('over %s', (_transport, connect) => {
  test('paymentUpdated tells people and keys of payments as they are now', async () => {
    const shop = await anotherShop();
    const place = { projectId: shop.projectId, mode: 'TEST' } as const;
    const streams = [
      connect(kit.platform.url, shop.sessionToken).iterate(operations.PaymentUpdatedDocument, {
        ...place,
        after: BEGINNING,
      }),
      connect(kit.platform.url, shop.testKey).iterate(operations.PaymentUpdatedDocument, {
        after: BEGINNING,
      }),
    ];
    const invoice = await createInvoice(shop.test);
    const quote = await createQuote(shop.test, invoice.id);
    await simulatePayment(shop.test, invoice.id, quote.id, '5');
    await simulatePayment(shop.test, invoice.id, quote.id);
    for (const stream of streams) {
      const told = await takeUntil(
        stream,
        ({ paymentUpdated: { event } }) => event.name === 'payment.credited',
      );
      const [first] = told;
      expect(first?.paymentUpdated.event.name).toBe('payment.detected');
      expect(first?.paymentUpdated.payment.amount.amount).toBe('5.000000');
      expect(new Set(told.map(({ paymentUpdated: { payment } }) => payment.id)).size).toBe(2);
      expect(told.at(-1)?.paymentUpdated.payment.status).toBe('CREDITED');
    }
  });

  test('paymentUpdated tells of deposits those only who may see static wallets', async () => {
    const shop = await anotherShop();
    const wallets = await walletKey(kit.platform, shop);
    const wallet = await createWallet(wallets);
    const seesAll = connect(kit.platform.url, shop.sessionToken).iterate(operations.PaymentUpdatedDocument, {
      projectId: shop.projectId,
      mode: 'TEST',
      after: BEGINNING,
    });
    const { secret } = await make(shop.owner, {
      projectId: shop.projectId,
      mode: 'TEST',
      scopes: ['INVOICE_READ'],
    });
    const seesInvoices = connect(kit.platform.url, secret).iterate(operations.PaymentUpdatedDocument, {
      after: BEGINNING,
    });
    await deposit(wallets, wallet.id);
    await payInvoice(shop);
    const told = await takeUntil(
      seesAll,
      ({ paymentUpdated: { event } }) => event.name === 'payment.credited',
    );
    expect(told.map(({ paymentUpdated: { event } }) => event.name)).toEqual([
      'deposit.detected',
      'deposit.credited',
      'payment.detected',
      'payment.credited',
    ]);
    expect((await next(seesInvoices)).paymentUpdated.event.name).toBe('payment.detected');
  });

  test('balanceUpdated tells the balances at once and after a burst, in fewer looks than events', async () => {
    const shop = await anotherShop();
    const stream = connect(kit.platform.url, shop.sessionToken).iterate(operations.BalanceUpdatedDocument, {
      merchantId: shop.merchantId,
      mode: 'TEST',
    });
    expect((await next(stream)).balanceUpdated).toMatchObject({ event: null, balances: [] });
    await payMany(shop);
    const told = await takeUntil(stream, (data) => availableIn(data) === BURST * 12.5);
    expect(told.length).toBeLessThan(BURST);
    const { cursor, event } = told.at(-1)?.balanceUpdated ?? {};
    expect(event?.name).toMatch(/^payment\./);

    const resumed = connect(kit.platform.url, shop.sessionToken).iterate(operations.BalanceUpdatedDocument, {
      merchantId: shop.merchantId,
      mode: 'TEST',
      after: cursor ?? '',
    });
    const first = next(resumed);
    await payInvoice(shop);
    expect((await first).balanceUpdated.event?.name).toMatch(/^payment\./);
    const last = await takeUntil(stream, (data) => availableIn(data) === (BURST + 1) * 12.5);
    expect(last.length).toBeGreaterThan(0);
  });

  test('balanceUpdated is for those who may read balances, and closes when they may not any more', async () => {
    const shop = await anotherShop();
    const viewer = await insertMember(kit, shop, 'VIEWER');
    const finance = await insertMember(kit, shop, 'FINANCE');
    const other = await anotherShop();
    const { projectId } = shop;
    const paysOnly = await make(shop.owner, { projectId, mode: 'TEST', scopes: ['INVOICE_PAY'] });
    const of = { merchantId: shop.merchantId, mode: 'TEST' } as const;
    const open = (secret: string) =>
      connect(kit.platform.url, secret).iterate(operations.BalanceUpdatedDocument, of);
    for (const secret of [viewer.token, other.sessionToken, paysOnly.secret])
      expect(await endingCodes(open(secret))).toEqual(['FORBIDDEN']);
    const stream = open(finance.token);
    await next(stream);
    await kit.database.pool.query(`UPDATE member SET role = 'VIEWER' WHERE user_id = $1`, [finance.userId]);
    const ended = endingCodes(stream).catch(({ code }: { code?: unknown }) => [code]);
    await payInvoice(shop);
    expect([['FORBIDDEN'], [4403]]).toContainEqual(await ended);
  });

  test('a key hears of the balances, and of the events only of its own project', async () => {
    const shop = await anotherShop();
    const { secret } = await make(shop.owner, {
      projectId: shop.projectId,
      mode: 'TEST',
      scopes: ['BALANCE_READ'],
    });
    const stream = connect(kit.platform.url, secret).iterate(operations.BalanceUpdatedDocument, {});
    await next(stream);
    await payInvoice(shop);
    const told = await takeUntil(stream, ({ balanceUpdated: { balances } }) => balances.length > 0);
    expect(told.every(({ balanceUpdated: { event } }) => event === null)).toBe(true);
  });

  test('statisticsUpdated tells the figures at once and after a burst, the last change too', async () => {
    const shop = await anotherShop();
    const stream = connect(kit.platform.url, shop.testKey).iterate(
      operations.StatisticsUpdatedDocument,
      today(),
    );
    expect((await next(stream)).statisticsUpdated).toMatchObject({ event: null, invoices: [] });
    await payMany(shop);
    const told = await takeUntil(
      stream,
      ({ statisticsUpdated: { invoices } }) => invoices.find((row) => row.status === 'PAID')?.count === BURST,
    );
    expect(told.length).toBeLessThan(BURST);
    const other = await anotherShop();
    const foreign = connect(kit.platform.url, other.sessionToken).iterate(
      operations.StatisticsUpdatedDocument,
      { projectId: shop.projectId, mode: 'TEST', ...today() },
    );
    expect(await endingCodes(foreign)).toEqual(['FORBIDDEN']);
  });
});
