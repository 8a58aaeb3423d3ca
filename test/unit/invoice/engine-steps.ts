import fc from 'fast-check';
import type { PaymentRules } from '../../../src/domain/project/payment-rules.ts';
import { DEFAULT_POLICIES } from '../../../src/domain/project/payment-rules.ts';

/** The ways to pay that occur. */
export const WAYS = [
  { asset: 'USDT', network: 'ETHEREUM' },
  { asset: 'ETH', network: 'ETHEREUM' },
  { asset: 'BTC', network: 'BITCOIN' },
  { asset: 'LTC', network: 'LITECOIN' },
] as const;

export type Way = (typeof WAYS)[number];

/** How much is sent: a share of what is missing, or a few smallest units. */
export type Size = { readonly eighths: bigint; readonly more: bigint } | { readonly dust: bigint };

/** What happens next. A slot is one transaction, whatever the chain makes of it. */
export type Step =
  | {
      readonly do: 'PAY';
      readonly slot: number;
      readonly way: Way;
      readonly size: Size;
      readonly pool: boolean;
      readonly lag: number;
    }
  | { readonly do: 'CONFIRM' | 'ORPHAN'; readonly slot: number; readonly stale: boolean }
  | { readonly do: 'RESOLVE'; readonly slot: number; readonly resolution: 'CREDIT' | 'REBOUND' }
  | { readonly do: 'CANCEL' | 'EXPIRE' | 'ACCEPT' }
  | { readonly do: 'QUOTE'; readonly way: Way; readonly eighths: bigint; readonly seconds: number }
  | { readonly do: 'RULES'; readonly rules: Partial<PaymentRules> }
  | { readonly do: 'FEES'; readonly basisPoints: number; readonly fixed: bigint; readonly network: bigint }
  | { readonly do: 'RATES'; readonly stale: readonly string[]; readonly percent: bigint }
  | { readonly do: 'CLOCK'; readonly seconds: number }
  | { readonly do: 'SPEND'; readonly currency: string; readonly quarters: bigint };

const slot = fc.nat({ max: 4 });
const way = fc.oneof(
  { weight: 4, arbitrary: fc.constant(WAYS[0]) },
  { weight: 3, arbitrary: fc.constantFrom(...WAYS) },
);
const eighths = fc.oneof(
  { weight: 4, arbitrary: fc.constant(8n) },
  { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: 7n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 9n, max: 20n }) },
);
const size: fc.Arbitrary<Size> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ eighths, more: fc.constantFrom(0n, 0n, 0n, 1n, -1n, 10_000n) }) },
  { weight: 1, arbitrary: fc.record({ dust: fc.bigInt({ min: 1n, max: 5_000n }) }) },
);
const policy = fc.constantFrom('HOLD', 'CREDIT', 'REBOUND');

const policies = fc.record({
  policies: fc.record({ underpaid: policy, overpaid: policy, late: policy, duplicate: policy }),
});

const someRules: fc.Arbitrary<Partial<PaymentRules>> = fc.oneof(
  policies,
  fc.record({ underpaidBasisPoints: fc.constantFrom(0, 50, 1_300, 5_000) }),
  fc
    .record({ amount: fc.bigInt({ min: 1n, max: 5_000n }), currency: fc.constantFrom('USD', 'JPY', 'BTC') })
    .map(({ amount, currency }) => ({ underpaidAmount: amount, underpaidCurrency: currency })),
  fc.record({ settlementCurrency: fc.constantFrom(null, 'USDC', 'BTC', 'USD') }),
  fc.record({ rateSpreadBasisPoints: fc.constantFrom(0, 100, 1_000) }),
  fc.record({ monitoringSeconds: fc.constantFrom(0, 86_400) }),
);

const fees = fc.record({
  do: fc.constant('FEES' as const),
  basisPoints: fc.constantFrom(0, 100, 10_000),
  fixed: fc.constantFrom(0n, 7n, 10n ** 30n),
  network: fc.constantFrom(0n, 11n, 10n ** 30n),
});

const pay = fc.record({
  do: fc.constant('PAY' as const),
  slot,
  way,
  size,
  pool: fc.oneof({ weight: 1, arbitrary: fc.constant(true) }, { weight: 3, arbitrary: fc.constant(false) }),
  lag: fc.constantFrom(0, 0, 0, 45, 90),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: pay,
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('CONFIRM' as const),
      slot,
      stale: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ORPHAN' as const),
      slot,
      stale: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('RESOLVE' as const),
      slot,
      resolution: fc.constantFrom('CREDIT' as const, 'REBOUND' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('CANCEL' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('EXPIRE' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ACCEPT' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('QUOTE' as const),
      way,
      eighths,
      seconds: fc.constantFrom(60, 600),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('RULES' as const), rules: someRules }) },
  { weight: 1, arbitrary: fees },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('RATES' as const),
      stale: fc.constantFrom([], [], ['USDT', 'ETH', 'BTC', 'LTC', 'USDC']),
      percent: fc.constantFrom(80n, 100n, 130n),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('CLOCK' as const),
      seconds: fc.constantFrom(30, 150, 300, 600, 620, 3_600, 90_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('SPEND' as const),
      currency: fc.constantFrom('USDT', 'ETH', 'BTC', 'LTC', 'USDC', 'USD'),
      quarters: fc.bigInt({ min: 1n, max: 4n }),
    }),
  },
);

/** What often happens in a row, so that runs reach far. */
const episode: fc.Arbitrary<Step[]> = fc
  .record({ pay, slot, other: slot, stale: fc.constant(false) })
  .chain(({ pay: first, slot: one, other, stale }) => {
    const seen = (of: number): Step => ({ ...first, slot: of, pool: false });
    const confirmed = (of: number): Step => ({ do: 'CONFIRM', slot: of, stale });
    const gone = (of: number): Step => ({ do: 'ORPHAN', slot: of, stale });
    return fc.constantFrom(
      [seen(one), confirmed(one)],
      [seen(one), seen(other), confirmed(other), confirmed(one)],
      [gone(one), seen(one), confirmed(one)],
      [gone(one), gone(other), seen(other), seen(one), confirmed(other), confirmed(one)],
    );
  });

export const steps: fc.Arbitrary<Step[]> = fc
  .array(fc.oneof({ weight: 5, arbitrary: step.map((one) => [one]) }, { weight: 2, arbitrary: episode }), {
    minLength: 4,
    maxLength: 40,
    size: 'max',
  })
  .map((parts) => parts.flat());

/** What an invoice begins with. */
export interface Start {
  readonly currency: string;
  readonly amount: bigint;
  readonly quoted: readonly Way[];
  readonly lockSeconds: number;
  readonly rules: Partial<PaymentRules>;
  readonly feeBasisPoints: number;
}

const startIn = (currency: string, digits: number): fc.Arbitrary<Start> =>
  fc.record({
    currency: fc.constant(currency),
    amount: fc.oneof(
      { weight: 6, arbitrary: fc.bigInt({ min: 1n, max: 10n ** BigInt(digits + 3) }) },
      { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 100n }) },
    ),
    quoted: fc.subarray([...WAYS]).map((more) => [WAYS[0], ...more]),
    lockSeconds: fc.constantFrom(60, 600),
    rules: fc.tuple(policies, someRules).map(([first, more]) => ({ ...first, ...more })),
    feeBasisPoints: fc.constantFrom(0, 100, 250),
  });

export const start: fc.Arbitrary<Start> = fc.oneof(
  startIn('USD', 2),
  startIn('JPY', 0),
  startIn('ETH', 18),
  startIn('BTC', 8),
  startIn('USDT', 6),
);

/** What every project begins with. */
export const PLAIN_RULES: PaymentRules = {
  underpaidAmount: null,
  underpaidCurrency: null,
  underpaidBasisPoints: 0,
  policies: DEFAULT_POLICIES,
  monitoringSeconds: 86_400,
  rateLockSeconds: 600,
  rateSpreadBasisPoints: 0,
  settlementCurrency: null,
  networkFeePayer: 'MERCHANT',
  confirmations: {},
};
