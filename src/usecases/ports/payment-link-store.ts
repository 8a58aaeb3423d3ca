import type { NewEvent } from '../../domain/event/event.ts';
import type { PaymentLink } from '../../domain/payment-link/payment-link.ts';

export interface NewPaymentLink extends Omit<PaymentLink, 'disabledAt'> {
  readonly createdAt: Date;
}

/** What is left out stays as it is. */
export type PaymentLinkPatch = Partial<
  Pick<PaymentLink, 'title' | 'description' | 'minimumAmount' | 'maximumAmount' | 'returnUrl'>
>;

/** Payment links. Each method is one atomic write or one read. */
export interface PaymentLinkStore {
  byId(id: string): Promise<PaymentLink | null>;
  /** 'project_barred': it was blocked or archived, maybe together with its merchant, since it was looked at. */
  create(link: NewPaymentLink, event: NewEvent): Promise<'created' | 'project_barred'>;
  /** 'stale' when the bounds are not those of `seen` any more: the patch may not fit the new ones. */
  update(seen: PaymentLink, patch: PaymentLinkPatch, event: NewEvent): Promise<'written' | 'stale'>;
  /** False, and nothing is written, when it is so already. Null enables it. */
  setDisabled(id: string, disabledAt: Date | null, event: NewEvent): Promise<boolean>;
}
