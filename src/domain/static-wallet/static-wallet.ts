import type { EventDraft } from '../event/event.ts';
import type { EventType } from '../event/catalogue.ts';

export type StaticWalletStatus = 'ACTIVE' | 'BLOCKED';

/** An address for one customer of a shop on one network; whatever arrives there is credited (FEATURES D11). */
export interface StaticWallet {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly network: string;
  /** The shop's own reference of its customer. */
  readonly customerRef: string;
  readonly address: string;
  readonly status: StaticWalletStatus;
}

/** What every event of a wallet carries: enough to render any message without another read. */
export const staticWalletData = ({ id, customerRef, network }: Omit<StaticWallet, 'address'>) => ({
  staticWalletId: id,
  customerRef,
  network,
});

/** An event of a wallet itself. */
export const staticWalletEvent = (type: EventType, wallet: Omit<StaticWallet, 'address'>): EventDraft => ({
  type,
  merchantId: wallet.merchantId,
  projectId: wallet.projectId,
  mode: wallet.mode,
  subject: { type: 'STATIC_WALLET', id: wallet.id },
  data: { ...staticWalletData(wallet), status: wallet.status },
});
