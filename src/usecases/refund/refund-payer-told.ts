import type { EventDraft } from '../../domain/event/event.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import { payerMail } from '../claim/payer-mail.ts';
import type { RefundStore } from '../ports/refund-store.ts';

/** Tells the payer who was sent a link how the refund ended; nothing where nobody was asked. */
export async function refundPayerTold(
  refunds: Pick<RefundStore, 'shopName'>,
  after: Refund,
  txId: string | null = null,
): Promise<readonly EventDraft[]> {
  const { customerEmail, claimExpiresAt, projectId } = after;
  if (customerEmail === null || claimExpiresAt === null) return [];
  const mail = payerMail(customerEmail, await refunds.shopName(projectId));
  return [refundEvent('refund.payer_told', after, { ...mail, txId })];
}
