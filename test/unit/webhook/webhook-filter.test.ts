import { expect, test } from 'vitest';
import { WEBHOOK_TYPES } from '../../../src/domain/event/catalogue.ts';
import type { Event } from '../../../src/domain/event/event.ts';
import { eventTypesTaken, isTold } from '../../../src/domain/webhook/webhook-endpoint.ts';
import { isTaken, isWebhookFilter } from '../../../src/domain/webhook/webhook-filter.ts';

test('names that are told, and families of them, are filters; nothing else is', () => {
  for (const name of WEBHOOK_TYPES) {
    expect(isWebhookFilter(name)).toBe(true);
    expect(isWebhookFilter(name.replace(/[^.]*$/, '*'))).toBe(true);
  }
  for (const text of [
    '',
    '*',
    '.*',
    'payment',
    'payment.',
    'pay*',
    'payment.*.*',
    'payment.Captured',
    'invoice.sent',
  ])
    expect(isWebhookFilter(text), text).toBe(false);
});

test.each([
  [[], 'payment.captured', true],
  [['payment.captured'], 'payment.captured', true],
  [['payment.created'], 'payment.captured', false],
  [['payment.*'], 'payment.captured', true],
  [['payment.*'], 'transfer.credited', false],
  [['payment.*'], 'payment_link.created', false],
  [['transfer.*', 'payment.created'], 'payment.created', true],
])('%j takes %s: %s', (filters, name, taken) => {
  expect(isTaken(filters, name)).toBe(taken);
});

test('the events of a filter are all that have its names', () => {
  expect(eventTypesTaken(['payment.captured'])).toEqual(['invoice.paid', 'invoice.overpaid']);
  expect(eventTypesTaken([])).toContain('deposit.credited');
  expect(eventTypesTaken([])).not.toContain('invoice.sent');
});

const endpoint = {
  id: 'endpoint',
  projectId: 'project',
  mode: 'TEST',
  types: ['payment.*'],
  closedAt: null,
} as const;
const event: Event = {
  id: 'event',
  type: 'invoice.paid',
  version: 1,
  merchantId: 'merchant',
  projectId: 'project',
  mode: 'TEST',
  subject: { type: 'INVOICE', id: 'invoice' },
  actor: { type: 'SYSTEM', id: null },
  data: {},
  occurredAt: new Date(0),
  position: { txid: 1n, seq: 1n },
};
const about = (id: string) =>
  ({ type: 'webhook_endpoint.tested', subject: { type: 'WEBHOOK_ENDPOINT', id } }) as const;

test.each<[string, Partial<Event>, boolean]>([
  ['what it chose', {}, true],
  ['what it did not choose', { type: 'deposit.credited' }, false],
  ['what webhooks do not tell', { type: 'invoice.sent' }, false],
  ['another project', { projectId: 'other' }, false],
  ['the other mode', { mode: 'LIVE' }, false],
  ['its own test, whatever it chose', about('endpoint'), true],
  ['the test of another one', about('other'), false],
])('it is told of %s: %j', (_name, changes, told) => {
  expect(isTold(endpoint, { ...event, ...changes })).toBe(told);
});
