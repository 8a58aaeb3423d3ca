import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEtaMessages } from '../../../src/adapters/messages/eta-messages.ts';
import { htmlFault } from '../../../src/demo/doubles/telegram-html.ts';
import { EVENT_TYPES, eventRow, type EventType } from '../../../src/domain/event/catalogue.ts';
import type { Event, EventData } from '../../../src/domain/event/event.ts';

const messages = createEtaMessages();
const TEMPLATES = path.join(import.meta.dirname, '../../../src/adapters/messages/templates/en');
const FORM_OF_CHANNEL = { EMAIL: 'mail', SMS: 'sms', INFO_BOT: 'chat', MERCHANT_BOT: 'chat' } as const;
const NASTY = '<script>alert("1")</script>\r\nBcc: eve@evil.example\u202e\u061c & \'x\'';
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

/** How an event of this type is written, for its channels and the addresses that it names. */
const formsOf = (type: EventType) => {
  const { channels, mailTo, smsTo } = eventRow(type);
  return [
    ...channels.map((channel) => FORM_OF_CHANNEL[channel]),
    ...(mailTo ? (['mail'] as const) : []),
    ...(smsTo ? (['sms'] as const) : []),
  ];
};

describe('the catalogue', () => {
  it('has templates for every channel that it names', () => {
    const missing = EVENT_TYPES.flatMap((type) => {
      return formsOf(type)
        .filter((form) => !messages.has(type, form))
        .map((form) => `${type}: ${form}`);
    });
    expect(missing).toEqual([]);
    expect(messages.has('invoice.paid', 'chat')).toBe(true);
    expect(messages.has('invoice.created', 'chat')).toBe(false);
    expect(() => messages.chat(event('invoice.created', INVOICE), 'en')).toThrow('no chat template');
  });
});

describe('what is inserted', () => {
  /** Every field that a template asks for. */
  const fields = [
    ...new Set(
      readdirSync(TEMPLATES).flatMap((file) =>
        [
          ...readFileSync(path.join(TEMPLATES, file), 'utf8').matchAll(/it\.\w+\('(\w+)'(?:, '(\w+)')?\)/g),
        ].flatMap(([, one = '', other = one]) => [one, other]),
      ),
    ),
  ];
  const data = Object.fromEntries(fields.map((field) => [field, NASTY]));
  const extra = { link: `https://pay.example/confirm?token=${NASTY}`, code: NASTY };
  const actor = { type: 'USER', id: 'u', ip: NASTY, device: NASTY } as const;

  it('stands in fields that were all found', () => {
    expect(fields).toEqual(
      expect.arrayContaining(['reason', 'answer', 'name', 'label', 'invitedBy', 'amount', 'prefix']),
    );
  });

  it.each(EVENT_TYPES.filter((type) => formsOf(type).length > 0))('is escaped in %s', (type) => {
    const nasty = { ...event(type, data), actor };
    const forms = new Set(formsOf(type));
    if (forms.has('chat')) {
      const chat = messages.chat(nasty, 'en');
      expect(htmlFault(chat)).toBeNull();
      expect(chat).not.toMatch(/[\u202e\u061c]|\r|^Bcc:/m);
      expect(chat.length).toBeLessThan(4_096);
    }
    if (forms.has('mail')) {
      const { subject, text, html } = messages.mail(nasty, 'en', extra);
      expect(html).not.toContain('<script');
      expect(html).not.toContain('alert("1")');
      expect(html).not.toMatch(/<a [^>]*href="(?!https:)/);
      expect(subject).not.toMatch(/[\r\n\u202e\u061c]/);
      expect(text).not.toMatch(/^Bcc:/m);
    }
    if (forms.has('sms')) expect(messages.sms(nasty, 'en', extra)).not.toMatch(/[\r\n\u202e\u061c]/);
  });

  it('cannot pass for the link of a mail, nor add a paragraph', () => {
    const link = 'https://pay.example/password-reset?token=abc';
    const forged = { ...actor, ip: 'https://evil.example', device: 'Firefox\n\nhttps://evil.example' };
    const request = { ...event('user.password_reset_requested', {}, null), actor: forged };
    const { html, text } = messages.mail(request, 'en', { link });
    expect(html.match(/<a /g)).toHaveLength(1);
    expect(html).toContain(`<a href="${link}">`);
    expect(text).not.toMatch(/^https:\/\/evil/m);
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
    expect(() => messages.mail(event('user.signed_up', {}), 'en', {})).toThrow('link');
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
    const link = 'https://pay.example/confirm?token=abc';
    const { text, html } = messages.mail(event('user.signed_up', {}, null), 'en', { link });
    expect(text.split('\n')).toContain(link);
    expect(html).toContain(`href="${link}"`);
  });
});

describe('security messages', () => {
  const changed = event('user.password_changed', {}, null);
  const by = (actor: Event['actor']) => messages.mail({ ...changed, actor }, 'en', {}).text;

  it('tell when, from where and what to do', () => {
    const text = by({ type: 'USER', id: 'u', ip: '192.0.2.7', device: 'Firefox on Linux' });
    expect(text).toMatch(/^Time: Nov 21, 2026, 7:30\sAM UTC\nIP: 192\.0\.2\.7\nDevice: Firefox on Linux$/m);
    expect(text).toContain('If this was not you');
  });

  it('tell nothing of where an operator sits, and leave out what is not known', () => {
    expect(by({ type: 'OPERATOR', id: 'o', ip: '192.0.2.9', device: 'Safari' })).not.toMatch(
      /192\.0|Safari|IP:/,
    );
    expect(by({ type: 'SYSTEM', id: null })).not.toMatch(/IP:|Device:|undefined|null/);
  });

  it('are one text in mail and chat', () => {
    const { subject, text } = messages.mail(changed, 'en', {});
    expect(messages.chat(changed, 'en')).toBe(`<b>${subject}</b>\n\n${text.trim()}`);
  });

  it('carry the code in both bodies, and in one SMS', () => {
    const requested = event('user.two_factor_code_requested', {}, null);
    const { text, html } = messages.mail(requested, 'en', { code: '012345' });
    expect(text.split('\n')).toContain('012345');
    expect(html).toContain('<strong class="code">012345</strong>');
    for (const type of ['user.two_factor_code_requested', 'user.phone_change_requested'] as const) {
      const sms = messages.sms(event(type, {}, null), 'en', { code: '012345' });
      expect(sms).toMatch(/^012345 [\x20-\x7e]+$/);
      expect(sms.length).toBeLessThanOrEqual(160);
    }
    expect(() => messages.sms(requested, 'en', {})).toThrow('needs code');
    expect(() => messages.sms(changed, 'en', {})).toThrow('no sms template');
  });

  it('tell a merchant the whole reason, and what a block means', () => {
    const reason = 'x'.repeat(1_000);
    const blocked = event('project.moderation_decided', {
      name: 'Shop',
      from: 'ACTIVE',
      to: 'BLOCKED',
      reason,
    });
    const { text } = messages.mail(blocked, 'en', {});
    expect(text).toContain(`Reason: ${reason}\n`);
    expect(text).toContain('takes no live payments');
    expect(messages.chat(blocked, 'en')).toContain(reason);
    const active = event('project.moderation_decided', {
      name: 'Shop',
      from: 'BLOCKED',
      to: 'ACTIVE',
      reason: null,
    });
    expect(messages.mail(active, 'en', {}).text).not.toContain('no live payments');
  });

  it('say what an operator decided', () => {
    const decided = (decision: string) =>
      messages.mail(event('user.two_factor_reset_decided', { decision, answer: 'Seen.' }, null), 'en', {});
    expect(decided('APPROVED').subject).toBe('Your authenticator was taken off');
    expect(decided('REJECTED').subject).toBe('Your authenticator stays');
    expect(decided('REJECTED').text).toContain('Answer: Seen.');
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
