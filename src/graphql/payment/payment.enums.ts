import { builder } from '../core/builder.ts';

export const PaymentStatusEnum = builder.enumType('PaymentStatus', {
  description: 'Where a payment stands.',
  values: {
    DETECTED: { description: 'Seen in the memory pool, in no block yet.' },
    CONFIRMING: { description: 'In a block, waits for more of them.' },
    CONFIRMED: { description: 'Confirmed; waits for the rest of the price, or is held.' },
    CREDITED: { description: 'In the balance.' },
    ORPHANED: { description: 'The chain took it back.' },
  } as const,
});

export const PaymentExceptionEnum = builder.enumType('PaymentException', {
  description: 'Why a payment does not count towards its invoice, or a deposit is not credited by itself.',
  values: {
    NONE: { description: 'It counts.' },
    LATE: { description: 'It came after the invoice had expired.' },
    DUPLICATE: { description: 'It came after the invoice was paid.' },
    AFTER_CANCEL: { description: 'It came after the invoice was cancelled.' },
    WRONG_ASSET: { description: 'No quote of the invoice asked for this asset.' },
    UNPRICED: { description: 'There was no fresh rate for it.' },
    WALLET_BLOCKED: { description: 'It came to a static wallet that is blocked.' },
  } as const,
});

export const HeldReasonEnum = builder.enumType('HeldReason', {
  description: 'Why money of a payment waits for a decision.',
  values: {
    UNDERPAID: { description: 'The invoice ended before its price was paid.' },
    OVERPAID: { description: 'It is more than the price.' },
    LATE: { description: 'It came after the invoice had expired.' },
    DUPLICATE: { description: 'It came after the invoice was paid.' },
    AFTER_CANCEL: { description: 'It came after the invoice was cancelled.' },
    WRONG_ASSET: { description: 'No quote of the invoice asked for this asset.' },
    UNPRICED: { description: 'There was no fresh rate for it.' },
    WALLET_BLOCKED: { description: 'It came to a static wallet that is blocked.' },
  } as const,
});

export const HeldDecisionEnum = builder.enumType('HeldDecision', {
  description: 'What was decided on held money.',
  values: {
    NONE: { description: 'Nothing yet.' },
    REBOUND: { description: 'It goes back to the payer, who has not said yet where to.' },
    REBOUNDED: { description: 'It is on its way back to the payer, or has gone.' },
  } as const,
});

export const ResolutionEnum = builder.enumType('Resolution', {
  description: 'What to do with held money.',
  values: {
    CREDIT: { description: 'Credit it to the balance, fees off.' },
    REBOUND: { description: 'Send it back to the payer.' },
  } as const,
});
