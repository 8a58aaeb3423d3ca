/** What moves a part of a merchant's balance, for the merchant (FEATURES E2). */
export const STATEMENT_KINDS = [
  'DETECTED',
  'CREDITED',
  'HELD',
  'RELEASED',
  'ORPHANED',
  'REVERSED',
  'PAYOUT_REQUESTED',
  'PAYOUT_SENT',
  'PAYOUT_RETURNED',
  'REFUND_DEBITED',
  'REFUND_RETURNED',
  'REBOUND_RETURNED',
  'REBOUND_SETTLED',
  'OTHER',
] as const;

export type StatementKind = (typeof STATEMENT_KINDS)[number];

const KNOWN: ReadonlySet<string> = new Set(STATEMENT_KINDS);
const isKind = (kind: string): kind is StatementKind => KNOWN.has(kind);

/** The kind of what a ledger transaction moved: a payment's by its step alone, all others by source and step. */
export function statementKind(sourceType: string, step: string): StatementKind {
  const kind = sourceType === 'PAYMENT' ? step : `${sourceType}_${step}`;
  return isKind(kind) ? kind : 'OTHER';
}
