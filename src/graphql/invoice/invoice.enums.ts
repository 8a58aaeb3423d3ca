import { builder } from '../core/builder.ts';

export const InvoiceStatusEnum = builder.enumType('InvoiceStatus', {
  description: 'Where an invoice stands.',
  values: {
    CREATED: { description: 'Nothing was seen yet.' },
    PARTIAL: { description: 'Less than the price was seen.' },
    CONFIRMING: { description: 'The price was seen and waits for confirmations.' },
    PAID: { description: 'The price is paid and confirmed.' },
    OVERPAID: { description: 'More than the price is paid and confirmed.' },
    CANCELED: { description: 'Cancelled or expired; `exception` says which.' },
  } as const,
});

export const InvoiceExceptionEnum = builder.enumType('InvoiceException', {
  description: 'What was special about an invoice.',
  values: {
    NONE: { description: 'Nothing.' },
    EXPIRED: { description: 'Its time ran out.' },
    CANCELLED: { description: 'The merchant cancelled it.' },
    PAID_LATE: { description: 'Fully paid after it had expired.' },
    PAID_PARTIAL_ACCEPTED: { description: 'The merchant accepted a part as the whole.' },
    PAID_WITHIN_THRESHOLD: { description: 'A small shortfall was accepted.' },
  } as const,
});

export const PaymentStatusEnum = builder.enumType('PaymentStatus', {
  description: 'Where a payment stands.',
  values: {
    DETECTED: { description: 'Seen, in no block yet.' },
    CONFIRMING: { description: 'In a block, waits for more of them.' },
    CONFIRMED: { description: 'Confirmed; waits for the rest of the price, or is held.' },
    CREDITED: { description: 'In the balance.' },
    ORPHANED: { description: 'The chain took it back.' },
  } as const,
});

export const PaymentExceptionEnum = builder.enumType('PaymentException', {
  description: 'Why a payment does not count towards its invoice.',
  values: {
    NONE: { description: 'It counts.' },
    LATE: { description: 'It came after the invoice had expired.' },
    DUPLICATE: { description: 'It came after the invoice was paid.' },
    AFTER_CANCEL: { description: 'It came after the invoice was cancelled.' },
  } as const,
});
