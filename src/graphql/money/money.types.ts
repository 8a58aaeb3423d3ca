import { NETWORKS, networkOf, type Network, type NetworkAsset } from '../../domain/chain/networks.ts';
import { CURRENCIES, currencyOf, type Currency } from '../../domain/money/currencies.ts';
import { formatAmount, type Money } from '../../domain/money/money.ts';
import { builder } from '../core/builder.ts';

const byCode = <T extends { code: string; name: string }>(rows: readonly T[]) =>
  Object.fromEntries(rows.map(({ code, name }) => [code, { value: code, description: name }])) as Record<
    T['code'],
    { value: T['code']; description: string }
  >;

export const CurrencyCodeEnum = builder.enumType('CurrencyCode', {
  description: 'A currency that this gateway knows: fiat for pricing, crypto for pricing and paying.',
  values: byCode(CURRENCIES),
});

export const AssetCodeEnum = builder.enumType('AssetCode', {
  description: 'A crypto currency that can be paid.',
  values: byCode(CURRENCIES.filter((c) => c.kind === 'CRYPTO')),
});

export const NetworkCodeEnum = builder.enumType('NetworkCode', {
  description: 'A network that carries assets.',
  values: byCode(NETWORKS),
});

export const ModeEnum = builder.enumType('Mode', {
  description: 'Whether real money moves.',
  values: {
    TEST: { description: 'No chain is touched; payments are simulated.' },
    LIVE: { description: 'Real coins on real networks.' },
  } as const,
});

const CurrencyKindEnum = builder.enumType('CurrencyKind', {
  description: 'What a currency is.',
  values: {
    FIAT: { description: 'Issued by a state.' },
    CRYPTO: { description: 'Lives on a network.' },
  } as const,
});

export const CurrencyType = builder.objectRef<Currency>('Currency').implement({
  description: 'A currency with its smallest unit.',
  fields: (t) => ({
    code: t.field({
      type: CurrencyCodeEnum,
      description: 'ISO 4217 code, or the common one of a crypto currency.',
      resolve: (currency) => currency.code as (typeof CURRENCIES)[number]['code'],
    }),
    name: t.exposeString('name', { description: 'English name.' }),
    kind: t.expose('kind', { type: CurrencyKindEnum, description: 'Fiat or crypto.' }),
    exponent: t.exposeInt('exponent', { description: 'Digits after the decimal point of one whole unit.' }),
  }),
});

export const MoneyType = builder.objectRef<Money>('Money').implement({
  description: 'An exact amount.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      description: 'In whole units, such as "12.50".',
      resolve: formatAmount,
    }),
    minorUnits: t.expose('minorUnits', {
      type: 'BigInt',
      description: 'In the smallest unit: cents, satoshi, wei.',
    }),
    currency: t.field({
      type: CurrencyType,
      description: 'The currency of the amount.',
      resolve: (money) => currencyOf(money.currency),
    }),
  }),
});

const NetworkAssetType = builder.objectRef<NetworkAsset>('NetworkAsset').implement({
  description: 'An asset as a network carries it.',
  fields: (t) => ({
    asset: t.field({
      type: CurrencyType,
      description: 'The asset.',
      resolve: (row) => currencyOf(row.asset),
    }),
    contract: t.exposeString('contract', {
      nullable: true,
      description: "The token's contract; null for the network's own coin.",
    }),
  }),
});

const NetworkType = builder.objectRef<Network>('Network').implement({
  description: 'A network that carries assets.',
  fields: (t) => ({
    code: t.field({
      type: NetworkCodeEnum,
      description: 'Its code.',
      resolve: (network) => network.code as (typeof NETWORKS)[number]['code'],
    }),
    name: t.exposeString('name', { description: 'English name.' }),
    chainId: t.exposeInt('chainId', {
      nullable: true,
      description: 'EIP-155 chain id; null for the Bitcoin family.',
    }),
    confirmations: t.exposeInt('confirmations', {
      description: 'Blocks until a payment counts as confirmed.',
    }),
    assets: t.field({
      type: [NetworkAssetType],
      description: 'What it carries.',
      resolve: ({ assets }) => [...assets],
    }),
  }),
});

builder.queryFields((t) => ({
  currencies: t.field({
    type: [CurrencyType],
    description: 'All currencies, fiat and crypto.',
    resolve: () => [...CURRENCIES],
  }),
  networks: t.field({
    type: [NetworkType],
    description: 'All networks with their assets.',
    resolve: () => NETWORKS.map(({ code }) => networkOf(code)),
  }),
}));

/** An amount as the database keeps it, in the smallest unit. */
export const money = (minorUnits: { toFixed(digits: number): string }, currency: string): Money => ({
  minorUnits: BigInt(minorUnits.toFixed(0)),
  currency,
});
