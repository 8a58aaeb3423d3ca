import type { EventDraft } from '../../domain/event/event.ts';
import { reboundEvent } from '../../domain/rebound/rebound-events.ts';
import type { Rebound } from '../../domain/rebound/rebound.ts';
import { payerMail } from '../claim/payer-mail.ts';
import type { RefundStore } from '../ports/refund-store.ts';

/** Tells the payer who was sent a link what became of the money; nothing where nobody was asked. */
export async function reboundPayerTold(
  refunds: Pick<RefundStore, 'shopName'>,
  after: Rebound,
  txId: string | null = null,
): Promise<readonly EventDraft[]> {
  const { customerEmail, claimExpiresAt, projectId } = after;
  if (customerEmail === null || claimExpiresAt === null) return [];
  const mail = payerMail(customerEmail, await refunds.shopName(projectId));
  return [reboundEvent('rebound.payer_told', after, { ...mail, txId })];
}
