import { expect, test } from 'vitest';
import {
  EVENT_CATALOGUE,
  EVENT_TYPES,
  WEBHOOK_TYPES,
  webhookTypeOf,
} from '../../../src/domain/event/catalogue.ts';

test('webhooks tell of payments by the names that shops know (FEATURES W4)', () => {
  expect(webhookTypeOf('invoice.created')).toBe('payment.created');
  expect(webhookTypeOf('invoice.confirming')).toBe('payment.fulfill');
  expect(webhookTypeOf('invoice.paid')).toBe('payment.captured');
  expect(webhookTypeOf('invoice.overpaid')).toBe('payment.captured');
  // Those are the invoices of subscriptions.
  expect(WEBHOOK_TYPES.filter((name) => name.startsWith('invoice.'))).toEqual([]);
});

test('webhooks tell only of what belongs to a project, and of nobody’s account', () => {
  for (const type of EVENT_TYPES) {
    const { webhook, category } = EVENT_CATALOGUE[type];
    if (webhook !== undefined)
      expect([type, category]).toEqual([type, expect.stringMatching(/^(PAYMENTS|PAYOUTS|PROJECT)$/)]);
  }
});

test('what is collected into one message is told somewhere, and never critical', () => {
  for (const type of EVENT_TYPES) {
    const { digest, channels, offered = [], severity, category } = EVENT_CATALOGUE[type];
    if (digest === undefined) continue;
    expect([...channels, ...offered].length).toBeGreaterThan(0);
    expect([severity, category]).not.toContain('CRITICAL');
    expect(category).toBe('PAYMENTS');
  }
});
