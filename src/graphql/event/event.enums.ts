import { EVENT_CATALOGUE, EVENT_TYPES, type EventType } from '../../domain/event/catalogue.ts';
import type { EventCategory, EventSeverity } from '../../domain/event/event-row.ts';
import { builder } from '../core/builder.ts';

/** `invoice.paid` is INVOICE_PAID in GraphQL, where names have no dots. */
const enumName = (type: string): string => type.toUpperCase().replace('.', '_');

export const EventTypeEnum = builder.enumType('EventType', {
  description: 'What happened.',
  values: Object.fromEntries(
    EVENT_TYPES.map((type) => [
      enumName(type),
      { value: type, description: EVENT_CATALOGUE[type].description },
    ]),
  ) as Record<string, { value: EventType; description: string }>,
});

export const EventCategoryEnum = builder.enumType('EventCategory', {
  description: 'What an event is about.',
  values: {
    SECURITY: { description: 'Who may do what, and who tried.' },
    ACCOUNT: { description: 'The data of a merchant.' },
    PROJECT: { description: 'Projects and their settings.' },
    PAYMENTS: { description: 'Invoices, payments, deposits and payment links.' },
    PAYOUTS: { description: 'Money that leaves, and what it needs to.' },
    BILLING: { description: 'What the gateway takes.' },
    ERRORS: { description: 'What does not work and wants to be looked at.' },
  } as const satisfies Record<EventCategory, { description: string }>,
});

export const EventSeverityEnum = builder.enumType('EventSeverity', {
  description: 'How much an event matters.',
  values: {
    INFO: { description: 'Good to know.' },
    SUCCESS: { description: 'Something went well.' },
    WARNING: { description: 'Worth a look.' },
    CRITICAL: { description: 'Look now.' },
  } as const satisfies Record<EventSeverity, { description: string }>,
});
