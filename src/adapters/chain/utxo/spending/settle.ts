import { feeOf, INPUT_VIRTUAL_SIZE, P2WPKH_BYTES, virtualSize } from './transaction-size.ts';

/** What a transaction costs, amounts in the smallest unit. */
export interface CostTerms {
  /** For 1,000 virtual bytes. */
  readonly feeRate: bigint;
  /** A P2WPKH output below it is not relayed. */
  readonly dust: bigint;
  /** The fee is never less, whatever the size: for a replacement (BIP-125 rule 4). */
  readonly leastFee?: (size: number) => bigint;
}

/** What it must do besides. */
export interface SpendTerms extends CostTerms {
  readonly arrives: bigint;
  /** Bytes of the script that is paid. */
  readonly script: number;
}

/** What becomes of the coins: arrives + fee + change is their sum. */
export interface Settled {
  readonly fee: bigint;
  /** Null when the rest is not worth an output: then it is part of the fee. */
  readonly change: bigint | null;
}

/** Change that nodes relay, and that is worth more than it costs to spend it. */
export function leastChange({ dust, feeRate }: CostTerms): bigint {
  const spending = feeOf(feeRate, INPUT_VIRTUAL_SIZE);
  return spending > dust ? spending : dust;
}

/** Null when so many coins of this sum do not do. */
export function settle(total: bigint, inputs: number, terms: SpendTerms): Settled | null {
  const { arrives, script } = terms;
  const rest = total - arrives;
  const withChange = feeFor(terms, virtualSize(inputs, [script, P2WPKH_BYTES]));
  const change = rest - withChange;
  if (change >= leastChange(terms)) return { fee: withChange, change };
  return rest >= feeFor(terms, virtualSize(inputs, [script])) ? { fee: rest, change: null } : null;
}

/** All of so many coins in one output to the account itself. Null when they are not worth it. */
export function settleJoined(
  total: bigint,
  inputs: number,
  terms: CostTerms,
): { readonly fee: bigint; readonly change: bigint } | null {
  const fee = feeFor(terms, virtualSize(inputs, [P2WPKH_BYTES]));
  const change = total - fee;
  return change >= leastChange(terms) ? { fee, change } : null;
}

function feeFor({ feeRate, leastFee }: CostTerms, size: number): bigint {
  const fee = feeOf(feeRate, size);
  const least = leastFee?.(size) ?? 0n;
  return fee > least ? fee : least;
}
