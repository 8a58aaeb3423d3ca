import { isConfirmed, isSeen, type Payment } from './payment.ts';

/** What can be told of a payment, as the last part of an event's type. */
export type TellableStep =
  | 'detected'
  | 'confirming'
  | 'confirmed'
  | 'credited'
  | 'held'
  | 'rebound_requested'
  | 'orphaned'
  | 'reversed';

/** What one change did to a payment: its money first, otherwise where it stands. */
export function paymentSteps(was: Payment | undefined, now: Payment): TellableStep[] {
  if (!isSeen(now)) return was && isSeen(was) ? [isConfirmed(was) ? 'reversed' : 'orphaned'] : [];
  const before = was && isSeen(was) ? was : undefined;
  const money: TellableStep[] = [
    ...(now.credited > (before?.credited ?? 0n) ? (['credited'] as const) : []),
    ...(now.held > (before?.held ?? 0n) ? (['held'] as const) : []),
    ...(now.decision === 'REBOUND' && before?.decision !== 'REBOUND' ? (['rebound_requested'] as const) : []),
  ];
  if (money.length > 0) return money;
  if (!before) return ['detected'];
  if (now.status === 'CONFIRMED' && before.status !== 'CONFIRMED') return ['confirmed'];
  return now.blockHash === before.blockHash ? [] : ['confirming'];
}
