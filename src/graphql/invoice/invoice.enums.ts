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
