import type { NewEvent } from '../../domain/event/event.ts';
import type { StaticWallet, StaticWalletStatus } from '../../domain/static-wallet/static-wallet.ts';

export interface NewStaticWallet extends Omit<StaticWallet, 'address' | 'status'> {
  readonly label: string | null;
  /** Null takes a free deposit address of the network. */
  readonly address: string | null;
  readonly createdAt: Date;
}

/** What a shop knows a wallet by; there is one at most. */
export type StaticWalletReference = Pick<StaticWallet, 'projectId' | 'mode' | 'network' | 'customerRef'>;

export type StaticWalletOutcome =
  | 'created'
  /** There is one with this reference, maybe since a moment ago. */
  | 'existing'
  /** The project was blocked or archived, maybe together with its merchant, since it was looked at. */
  | 'project_barred'
  /** No deposit address is free: none was derived yet, or others are just taking the last ones. */
  | 'no_address';

/** Static wallets. Each method is one atomic write or one read. */
export interface StaticWalletStore {
  byId(id: string): Promise<StaticWallet | null>;
  byReference(reference: StaticWalletReference): Promise<StaticWallet | null>;
  /** Wallet, its address and event together, or nothing. */
  create(wallet: NewStaticWallet, event: NewEvent): Promise<StaticWalletOutcome>;
  /** False, and nothing is written, when it is so already. */
  setStatus(id: string, status: StaticWalletStatus, at: Date, event: NewEvent): Promise<boolean>;
}
