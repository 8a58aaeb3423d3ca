import type { PaymentPageQuery, PaymentView } from '../../usecases/ports/payment-reads.ts';
import type { PagePart } from '../core/keyset-page.ts';
import type { ListPlace } from '../core/list-cursor.ts';

/** Payments stand in their lists by the moment that they were first seen. */
export const placeOfPayment = ({ detectedAt, id }: PaymentView): ListPlace => ({ createdAt: detectedAt, id });

/** The part of a list as payments are read. */
export const paymentPart = ({
  after,
  before,
  ...part
}: PagePart): Pick<PaymentPageQuery, 'after' | 'before' | 'limit' | 'fromEnd'> => ({
  ...(after ? { after: { detectedAt: after.createdAt, id: after.id } } : {}),
  ...(before ? { before: { detectedAt: before.createdAt, id: before.id } } : {}),
  ...part,
});
