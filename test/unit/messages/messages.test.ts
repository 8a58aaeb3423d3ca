import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEtaMessages } from '../../../src/adapters/messages/eta-messages.ts';
import { htmlFault } from '../../../src/demo/doubles/telegram-html.ts';
import { EVENT_TYPES, eventRow, type EventType } from '../../../src/domain/event/catalogue.ts';
import type { Event, EventData } from '../../../src/domain/event/event.ts';

const messages = createEtaMessages();
const NASTY = '<script>alert("1")</script>\r\nBcc: eve@evil.example\u202e & \'x\'';
const INVOICE = {
  invoiceId: 'inv-1',
  orderId: 'A-17',
  currency: 'USD',
  amount: '1234.50',
  amountPaid: '1300.00',
};

const event = (type: EventType, data: EventData, mode: 'TEST' | 'LIVE' | null = 'LIVE'): Event => ({
  id: '01990000-0000-7000-8000-000000000009',
  type,
  version: 1,
  position: { txid: 1n, seq: 1n },
  merchantId: null,
  projectId: null,
  mode,
  actor: { type: 'SYSTEM', id: null },
  subject: { type: 'INVOICE', id: '01990000-0000-7000-8000-000000000008' },
  data,
  occurredAt: new Date('2026-11-21T07:30:00Z'),
});

describe('the catalogue', () => {
  it('has templates for every channel that it names', () => {
    const missing = EVENT_TYPES.flatMap((type) => {
      const formats = eventRow(type).channels.flatMap((channel) =>
        channel === 'EMAIL' ? (['subject', 'text', 'html'] as const) : (['chat'] as const),
      );
      return formats.filter((format) => !messages.has(type, format)).map((format) => `${type}.${format}`);
    });
    expect(missing).toEqual([]);
    expect(messages.has('invoice.paid', 'chat')).toBe(true);
    expect(messages.has('invoice.created', 'chat')).toBe(false);
    expect(() => messages.chat(event('invoice.created', INVOICE), 'en')).toThrow('no chat template');
  });
});

describe('what is inserted', () => {
  const fields = ['invoiceId', 'orderId', 'currency', 'amount', 'amountPaid', 'ip', 'userAgent'];
  const data = Object.fromEntries(fields.map((field) => [field, NASTY]));
  const extra = { confirmUrl: `https://pay.example/confirm?token=${NASTY}` };

  it.each(EVENT_TYPES.filter((type) => eventRow(type).channels.length > 0))('is escaped in %s', (type) => {
    if (messages.has(type, 'chat')) {
      const chat = messages.chat(event(type, data), 'en');
      expect(htmlFault(chat)).toBeNull();
      expect(chat).not.toMatch(/\u202e|\r|^Bcc:/m);
    }
    if (messages.has(type, 'html')) {
      const { subject, text, html } = messages.mail(event(type, data), 'en', extra);
      expect(html).not.toContain('<script');
      expect(html).not.toContain('alert("1")');
      expect(subject).not.toMatch(/[\r\n\u202e]/);
      expect(text).not.toMatch(/^Bcc:/m);
    }
  });

  it('stays short whatever a browser calls itself', () => {
    const chat = messages.chat(
      event('session.created', { ip: '::1', userAgent: '😀'.repeat(5_000) }, null),
      'en',
    );
    expect(chat.length).toBeLessThan(1_000);
    expect(chat.isWellFormed()).toBe(true);
  });

  it('may be absent but for the link', () => {
    const { orderId: _, ...withoutOrder } = INVOICE;
    expect(messages.mail(event('invoice.paid', withoutOrder), 'en', {}).text).not.toMatch(/Order|undefined/);
    expect(() => messages.mail(event('user.signed_up', {}), 'en', {})).toThrow('confirmUrl');
  });
});

describe('the texts', () => {
  it('tell an invoice in the reader’s formats', () => {
    const { subject, text } = messages.mail(event('invoice.paid', INVOICE), 'de', {});
    expect(subject).toBe('Invoice paid: 1.300,00\u00a0USD for order A-17');
    expect(text).toContain('Amount: 1.234,50\u00a0USD\n');
    expect(messages.mail(event('invoice.paid', INVOICE), 'en', {}).subject).toContain('1,300.00\u00a0USD');
    expect(messages.mail(event('invoice.paid', INVOICE), 'not a tag', {}).text).toContain(
      'Nov 21, 2026, 7:30',
    );
  });

  it('keep every digit', () => {
    const data = { ...INVOICE, currency: 'ETH', amountPaid: '12345678901234567890.123456789012345678' };
    expect(messages.chat(event('invoice.paid', data), 'en')).toContain(
      '12,345,678,901,234,567,890.123456789012345678\u00a0ETH',
    );
  });

  it('say when the money is play money', () => {
    const test = messages.mail(event('invoice.overpaid', INVOICE, 'TEST'), 'en', {});
    expect(test.subject).toMatch(/^\[Test\] /);
    for (const body of [
      test.text,
      test.html,
      messages.chat(event('invoice.overpaid', INVOICE, 'TEST'), 'en'),
    ])
      expect(body).toContain('no real money');
    expect(messages.mail(event('invoice.overpaid', INVOICE), 'en', {}).html).not.toContain('no real money');
  });

  it('carry the confirmation link in both bodies', () => {
    const confirmUrl = 'https://pay.example/confirm?token=abc';
    const { text, html } = messages.mail(event('user.signed_up', {}, null), 'en', { confirmUrl });
    expect(text.split('\n')).toContain(confirmUrl);
    expect(html).toContain(`href="${confirmUrl}"`);
  });
});

describe('languages', () => {
  it('are taken by tag, then by language, then English', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
    try {
      for (const language of ['en', 'de']) mkdirSync(path.join(folder, language));
      writeFileSync(path.join(folder, 'en', 'session.created.chat.eta'), 'Hello');
      writeFileSync(path.join(folder, 'en', 'invoice.paid.chat.eta'), 'Paid');
      writeFileSync(path.join(folder, 'de', 'session.created.chat.eta'), 'Hallo');
      const own = createEtaMessages(folder);
      expect(own.chat(event('session.created', {}), 'de-AT')).toBe('Hallo');
      expect(own.chat(event('session.created', {}), 'fr')).toBe('Hello');
      expect(own.chat(event('invoice.paid', {}), 'de')).toBe('Paid');
      writeFileSync(path.join(folder, 'en', 'broken.chat.eta'), '<% if (');
      expect(() => createEtaMessages(folder)).toThrow('unclosed tag');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
