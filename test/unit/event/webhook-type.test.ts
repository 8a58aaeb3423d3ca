import { expect, test } from 'vitest';
import { EVENT_TYPES } from '../../../src/domain/event/catalogue.ts';
import { webhookTypeOf } from '../../../src/domain/event/webhook-type.ts';

test('webhooks tell of payments by the names that shops know, and of nothing else', () => {
  const told = EVENT_TYPES.map((type) => [type, webhookTypeOf(type)]).filter(([, name]) => name !== null);
  expect(Object.fromEntries(told)).toEqual({
    'invoice.created': 'payment.created',
    'invoice.confirming': 'payment.fulfill',
    'invoice.paid': 'payment.captured',
    'invoice.overpaid': 'payment.captured',
  });
});
