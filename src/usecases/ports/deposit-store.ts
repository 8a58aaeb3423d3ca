import type { NewEvent } from '../../domain/event/event.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import type { Payment } from '../../domain/payment/payment.ts';
import type { Deposit } from '../../domain/static-wallet/deposit-change.ts';
import type { StaticWallet } from '../../domain/static-wallet/static-wallet.ts';
import type { InvoiceSnapshot } from './invoice-store.ts';

/** Names a deposit by its transfer, seen before or not, or by its payment. */
export type DepositKey =
  | {
      readonly staticWalletId: string;
      readonly network: string;
      readonly txId: string;
      readonly outputIndex: number;
    }
  | { readonly paymentId: string };

/** A deposit as it was read, and what its changes are computed by. */
export interface DepositSnapshot extends Pick<InvoiceSnapshot, 'rules' | 'fees' | 'balances'>, Deposit {
  /** The payment's; null while there is none. */
  readonly revision: number | null;
}

export interface DepositWrite {
  /** As it was seen: its status decides on what is new. */
  readonly wallet: StaticWallet;
  /** The revision that the change was computed from; null for a new payment. */
  readonly revision: number | null;
  readonly payment: Payment;
  readonly entries: readonly (LedgerEntry & { readonly id: string })[];
  readonly events: readonly NewEvent[];
  readonly at: Date;
}

export interface DepositStore {
  /** Null when there is no such wallet, or no such payment of one. */
  snapshot(key: DepositKey): Promise<DepositSnapshot | null>;
  /**
   * Payment, ledger and events in one statement, or nothing: 'stale' when another writer was first, or the wallet was
   * blocked or re-activated meanwhile.
   */
  write(change: DepositWrite): Promise<'written' | 'stale'>;
}
