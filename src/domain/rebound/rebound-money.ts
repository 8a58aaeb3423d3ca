import type { AccountRef, LedgerAccountKind, LedgerEntry, ReboundStep } from '../ledger/entries.ts';
import type { Payment } from '../payment/payment.ts';
import type { Rebound } from './rebound.ts';

/**
 * HELD − , AVAILABLE + : for a rebound that was not sent although the chain took its payment back meanwhile. The merchant
 * owed the amount from then on (`reverse`); what becomes available pays it back. A rebound whose payment stands needs no
 * entry: its money is in HELD before and after.
 */
export const unsent = (rebound: Rebound): LedgerEntry => entry(rebound, rebound.id, 'RETURNED');

/**
 * HELD − , AVAILABLE + : the chain took the payment of a rebound back and shows it again. What it holds anew pays what the
 * merchant owed since (`reverse`), and the rebound stands as before: nobody is paid twice, and nobody loses.
 */
export const settled = (rebound: Rebound, { sighting }: Pick<Payment, 'sighting'>): LedgerEntry =>
  entry(rebound, `${rebound.id}/${sighting}`, 'SETTLED');

function entry({ merchantId, asset, amount }: Rebound, sourceId: string, kind: ReboundStep): LedgerEntry {
  const account = (of: LedgerAccountKind): AccountRef => ({ kind: of, asset, merchantId, network: null });
  return {
    sourceType: 'REBOUND',
    sourceId,
    kind,
    postings: [
      { account: account('HELD'), amount: -amount },
      { account: account('AVAILABLE'), amount },
    ],
  };
}
