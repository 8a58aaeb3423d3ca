import { REFUND_REASONS, type RefundReason } from '../../domain/refund/refund.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { refuse, type Result } from '../result.ts';

export interface RefundCreateInput {
  readonly invoiceId: string;
  /** A decimal in the invoice's currency; left out: all that can still be refunded. */
  readonly amount?: string | null | undefined;
  readonly reason?: RefundReason | null | undefined;
  readonly description?: string | null | undefined;
  /** Needed where the invoice has one: the acquirer says for whom it refunds (FEATURES C5). */
  readonly subMerchantId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

const MAX_LENGTH = { description: 1000, idempotencyKey: 255 } as const;

/** The first fault of what is no amount, with its path; null when there is none. */
export function checkRefundInput(
  input: RefundCreateInput,
  ofInvoice: { readonly subMerchantId: string | null },
): Result<never> | null {
  for (const field of ['description', 'idempotencyKey'] as const) {
    const value = input[field];
    const max = MAX_LENGTH[field];
    if (typeof value !== 'string') continue;
    if (value.length < 1 || value.length > max)
      return refuse('INVALID_INPUT', `This has 1 to ${max} characters.`, field);
    if (!isPlainText(value)) return refuse('INVALID_INPUT', 'This holds control characters.', field);
  }
  const { reason } = input;
  if (reason && !REFUND_REASONS.includes(reason))
    return refuse('INVALID_INPUT', 'This is no known reason.', 'reason');
  if ((input.subMerchantId ?? null) === ofInvoice.subMerchantId) return null;
  return refuse(
    'INVALID_INPUT',
    ofInvoice.subMerchantId === null
      ? 'The invoice is of no sub-merchant.'
      : 'Name the sub-merchant for whom the invoice was made.',
    'subMerchantId',
  );
}
