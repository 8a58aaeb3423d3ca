import fc from 'fast-check';

/** What happens to one of two invoices of a merchant, or to what they depend on. */
export type EngineAction =
  | {
      readonly do: 'PAY';
      readonly invoice: number;
      readonly slot: number;
      readonly way: number;
      readonly eighths: bigint;
      readonly pool: boolean;
      readonly twice: boolean;
    }
  | { readonly do: 'CONFIRM' | 'ORPHAN'; readonly invoice: number; readonly slot: number }
  | {
      readonly do: 'RESOLVE';
      readonly invoice: number;
      readonly slot: number;
      readonly resolution: 'CREDIT' | 'REBOUND';
    }
  | { readonly do: 'CANCEL' | 'EXPIRE' | 'ACCEPT'; readonly invoice: number }
  | { readonly do: 'QUOTE'; readonly invoice: number; readonly way: number }
  | { readonly do: 'RULES'; readonly column: string; readonly value: string | number | null }
  | { readonly do: 'RATES'; readonly stale: boolean }
  | { readonly do: 'CLOCK'; readonly seconds: number }
  | { readonly do: 'SPEND'; readonly currency: string };

export const WAYS = [
  { asset: 'USDT', network: 'ETHEREUM' },
  { asset: 'ETH', network: 'ETHEREUM' },
  { asset: 'BTC', network: 'BITCOIN' },
] as const;

const invoice = fc.nat({ max: 1 });
const slot = fc.nat({ max: 3 });
const way = fc.nat({ max: WAYS.length - 1 });
const policy = fc.constantFrom('HOLD', 'CREDIT', 'REBOUND');

const rules: fc.Arbitrary<EngineAction> = fc
  .oneof(
    fc.tuple(
      fc.constantFrom('underpaid_policy', 'overpaid_policy', 'late_policy', 'duplicate_policy'),
      policy,
    ),
    fc.tuple(fc.constant('underpaid_basis_points'), fc.constantFrom(0, 1_300)),
    fc.tuple(fc.constant('settlement_currency'), fc.constantFrom(null, 'USDC', 'BTC')),
    fc.tuple(fc.constant('network_fee_payer'), fc.constantFrom('MERCHANT', 'PAYER')),
  )
  .map(([column, value]) => ({ do: 'RULES', column, value }));

const action: fc.Arbitrary<EngineAction> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('PAY' as const),
      invoice,
      slot,
      way: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: way }),
      eighths: fc.oneof(
        { weight: 1, arbitrary: fc.constant(8n) },
        { weight: 2, arbitrary: fc.bigInt(1n, 14n) },
      ),
      pool: fc.boolean(),
      twice: fc.boolean(),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('CONFIRM' as const), invoice, slot }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ORPHAN' as const), invoice, slot }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('RESOLVE' as const),
      invoice,
      slot,
      resolution: fc.constantFrom('CREDIT' as const, 'REBOUND' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('CANCEL' as const, 'EXPIRE' as const, 'EXPIRE' as const, 'ACCEPT' as const),
      invoice,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('QUOTE' as const), invoice, way }) },
  { weight: 2, arbitrary: rules },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('RATES' as const), stale: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('CLOCK' as const), seconds: fc.constantFrom(60, 700, 90_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('SPEND' as const),
      currency: fc.constantFrom('USDT', 'USDC', 'BTC'),
    }),
  },
);

/** What often follows one another, so that runs reach far. */
const episode: fc.Arbitrary<EngineAction[]> = fc
  .record({ invoice, slot, eighths: fc.constantFrom(4n, 8n, 8n, 12n) })
  .chain(({ eighths, ...of }) => {
    const seen: EngineAction = { do: 'PAY', ...of, way: 0, eighths, pool: false, twice: false };
    const confirmed: EngineAction = { do: 'CONFIRM', ...of };
    return fc.constantFrom<EngineAction[]>(
      [seen, confirmed],
      [seen, confirmed, { do: 'SPEND', currency: 'USDT' }, { do: 'ORPHAN', ...of }],
      [{ do: 'ORPHAN', ...of }, seen, confirmed],
      [
        { do: 'CANCEL', invoice: of.invoice },
        seen,
        confirmed,
        { do: 'RESOLVE', ...of, resolution: 'CREDIT' },
      ],
    );
  });

/** Rounds of threads: those of a round run at once, the actions of a thread one after another. */
export const rounds = fc.array(
  fc.array(
    fc.oneof({ weight: 3, arbitrary: action.map((one) => [one]) }, { weight: 2, arbitrary: episode }),
    { minLength: 1, maxLength: 6, size: 'max' },
  ),
  { minLength: 3, maxLength: 10, size: 'max' },
);
