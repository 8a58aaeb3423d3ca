import { HDKey } from '@scure/bip32';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFixedRates } from '../../src/adapters/rates/fixed-rates.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import type { Rates } from '../../src/usecases/ports/rates.ts';
import { eventTypes, rowCounts, rowIdOf } from '../testkit/facts.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, tryQuote } from '../testkit/shop.ts';

/** BIP-84, test vectors: account 0 and its first receiving address. */
const BIP84_ZPUB =
  'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
const BIP84_FIRST = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';

const evmKey = HDKey.fromMasterSeed(new Uint8Array(32).fill(7)).derive("m/44'/60'/0'").publicExtendedKey;
const network = (code: string, xpub: string) => ({ network: code, rpcUrl: 'http://127.0.0.1:9', xpub });
/** The fixed table, of dollars only: no source knows a rate in anything else. */
const dollarRates: Rates = {
  async table() {
    const table = await createFixedRates(systemClock).table();
    return { rateOf: (asset, currency) => (currency === 'USD' ? table.rateOf(asset, currency) : null) };
  },
};
const kit = usePlatform({
  overrides: { rates: dollarRates },
  env: {
    // Nothing watches: these networks are for their addresses only.
    ROLES: 'api,worker',
    NETWORKS: JSON.stringify([network('ETHEREUM', evmKey), network('BITCOIN', BIP84_ZPUB)]),
  },
});
let merchant: DemoMerchant;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
});

const written = () => rowCounts(kit.database.pool, ['quote', 'event']);
const assigned = async (invoiceId: string) => {
  const { rows } = await kit.database.pool.query<{ network: string; address: string }>(
    'SELECT network, address FROM deposit_address WHERE invoice_id = $1 ORDER BY network',
    [rowIdOf(invoiceId)],
  );
  return rows;
};

describe('a quote', () => {
  test('asked for again is the same, and nothing is written', async () => {
    const { id } = await createInvoice(merchant.live);
    const first = await createQuote(merchant.live, id);
    const before = await written();
    expect(await createQuote(merchant.live, id)).toEqual(first);
    expect(await written()).toEqual(before);
    expect(await eventTypes(kit.database.pool, id)).toEqual(['invoice.created', 'invoice.quoted']);
  });

  test('of 20 requests at once is one, with one address', async () => {
    const { id } = await createInvoice(merchant.live);
    const before = await written();
    const quotes = await Promise.all(Array.from({ length: 20 }, () => createQuote(merchant.live, id)));
    expect(new Set(quotes.map((q) => `${q.id} ${q.address}`)).size).toBe(1);
    expect(await written()).toEqual({ quote: (before['quote'] ?? 0) + 1, event: (before['event'] ?? 0) + 1 });
    expect(await assigned(id)).toEqual([{ network: 'ETHEREUM', address: quotes[0]?.address }]);
  });

  test('is one of six when six ways are chosen at once', async () => {
    const { id } = await createInvoice(merchant.test);
    const choices = [
      ['ETH', 'ETHEREUM'],
      ['USDC', 'ETHEREUM'],
      ['USDT', 'ETHEREUM'],
      ['USDT', 'CRONOS'],
      ['BTC', 'BITCOIN'],
      ['LTC', 'LITECOIN'],
    ] as const;
    await Promise.all(choices.map(([asset, on]) => createQuote(merchant.test, id, { asset, network: on })));
    const { invoice } = await merchant.test.send(operations.InvoiceInFullDocument, { id });
    const chosen = invoice?.quotes.map((q) => `${q.asset} ${q.network}`).toSorted();
    expect(chosen).toEqual(choices.map((choice) => choice.join(' ')).toSorted());
  });

  test.each([
    ['BTC', 'BITCOIN', '12.50', '0.00013889', '13889'],
    ['ETH', 'ETHEREUM', '12.50', '0.004166670000000000', '4166670000000000'],
    ['USDT', 'ETHEREUM', '12.50', '12.500000', '12500000'],
    ['CRO', 'CRONOS', '0.01', '0.100000000000000000', '100000000000000000'],
  ] as const)('in %s over %s is rounded up, never down', async (asset, on, amount, shown, minorUnits) => {
    const { id } = await createInvoice(merchant.test, { amount });
    const quote = await createQuote(merchant.test, id, { asset, network: on });
    expect(quote.amount).toEqual({ amount: shown, minorUnits, currency: { code: asset } });
    expect(quote.rateSource).toBe('fixed table for development');
  });

  test('ends with its invoice', async () => {
    const invoice = await createInvoice(merchant.test);
    const quote = await createQuote(merchant.test, invoice.id);
    expect(quote.expiresAt).toBe(invoice.expiresAt);
  });
});

describe('the address', () => {
  test('is of the network and of this invoice alone', async () => {
    const invoices = [await createInvoice(merchant.live), await createInvoice(merchant.live)];
    const addresses: string[] = [];
    for (const { id } of invoices) {
      const tether = await createQuote(merchant.live, id, { asset: 'USDT' });
      const ether = await createQuote(merchant.live, id, { asset: 'ETH' });
      const bitcoin = await createQuote(merchant.live, id, { asset: 'BTC', network: 'BITCOIN' });
      expect(tether.address).toMatch(/^0x[0-9a-fA-F]{40}$/);
      expect(ether.address).toBe(tether.address);
      expect(bitcoin.address).toMatch(/^bc1q[02-9ac-hj-np-z]{38}$/);
      expect(await assigned(id)).toEqual([
        { network: 'BITCOIN', address: bitcoin.address },
        { network: 'ETHEREUM', address: ether.address },
      ]);
      addresses.push(ether.address, bitcoin.address);
    }
    expect(new Set(addresses).size).toBe(4);
    // BIP-84's own vector: the first invoice that was quoted in bitcoin has the account's first address.
    expect(addresses[1]).toBe(BIP84_FIRST);
  });

  test('of 40 invoices at once is different for each', async () => {
    const invoices = await Promise.all(Array.from({ length: 40 }, () => createInvoice(merchant.live)));
    const quotes = await Promise.all(invoices.map(({ id }) => createQuote(merchant.live, id)));
    expect(new Set(quotes.map((q) => q.address)).size).toBe(40);
  });

  test('of a test invoice is none that a wallet would take', async () => {
    const { id } = await createInvoice(merchant.test);
    const ethereum = await createQuote(merchant.test, id, { network: 'ETHEREUM' });
    const cronos = await createQuote(merchant.test, id, { network: 'CRONOS' });
    expect(ethereum.address).toBe(`TEST-ETHEREUM-${rowIdOf(id)}`);
    expect(cronos.address).toBe(`TEST-CRONOS-${rowIdOf(id)}`);
    expect(await assigned(id)).toEqual([]);
  });
});

describe('what cannot be quoted', () => {
  test('is a currency without a rate', async () => {
    const { id } = await createInvoice(merchant.live, { currency: 'EUR' });
    const before = await written();
    expect(await tryQuote(merchant.live, id)).toMatchObject({
      __typename: 'RateUnavailableError',
      code: 'RATE_UNAVAILABLE',
    });
    expect(await written()).toEqual(before);
    // No address is spent on it either.
    expect(await assigned(id)).toEqual([]);
  });

  test('but a price in the asset itself needs none', async () => {
    const { id } = await createInvoice(merchant.live, { amount: '0.00012345', currency: 'BTC' });
    expect(await createQuote(merchant.live, id, { asset: 'BTC', network: 'BITCOIN' })).toMatchObject({
      amount: { amount: '0.00012345', minorUnits: '12345' },
      rate: '1',
      rateSource: 'priced in the asset',
    });
    expect(await tryQuote(merchant.live, id)).toMatchObject({ code: 'RATE_UNAVAILABLE' });
  });

  test.each([
    ['an asset that the network does not carry', 'BTC', 'ETHEREUM', 'asset'],
    ['a network that is not set up here', 'LTC', 'LITECOIN', 'network'],
  ] as const)('is %s', async (_what, asset, on, field) => {
    const { id } = await createInvoice(merchant.live);
    const before = await written();
    expect(await tryQuote(merchant.live, id, { asset, network: on })).toMatchObject({
      __typename: 'AssetNotAvailableError',
      code: 'ASSET_NOT_AVAILABLE',
      path: ['input', field],
    });
    expect(await written()).toEqual(before);
  });
});
