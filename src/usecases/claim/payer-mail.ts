import type { EventData } from '../../domain/event/event.ts';
import type { ShopName } from '../ports/refund-store.ts';

/** What a mail to a payer says besides the money: who writes, where to, and in which language. */
export const payerMail = (
  customerEmail: string,
  { projectName, merchantName, page }: ShopName,
): EventData => ({
  customerEmail,
  shopName: page.title ?? projectName,
  merchantName: page.showMerchantName ? merchantName : null,
  locale: page.language ?? 'en',
});
