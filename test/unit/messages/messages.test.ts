import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEtaMessages } from '../../../src/adapters/messages/eta-messages.ts';
import { htmlFault } from '../../../src/demo/doubles/telegram-html.ts';
import type { Event } from '../../../src/domain/event/event.ts';
import { MESSAGE_LANGUAGES, TEMPLATES } from './message-languages.ts';
import { channelsOf, sampleDigest, sampleEvent as event, samplesOf, TOLD_TYPES } from './sample-events.ts';

const messages = createEtaMessages();
const NASTY =
  '<script>alert("1")</script>\r\nBcc: eve@evil.example\u202e\u061c\u0001link https://evil.example\u0001 & \'x\'';
const INVOICE = {
  invoiceId: 'inv-1',
  orderId: 'A-17',
  currency: 'USD',
  amount: '1234.50',
  amountPaid: '1300.00',
};

/** Control characters, and those that turn the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}]/u;
const withoutBreaks = (text: string): string => text.replaceAll('\n', ' ');

/** Nothing that was inserted is markup, a further line or another direction of writing. */
function expectHarmlessChat(chat: string): void {
  expect(htmlFault(chat)).toBeNull();
  expect(withoutBreaks(chat)).not.toMatch(UNSEEN);
  expect(chat).not.toMatch(/^Bcc:/m);
  expect(chat.length).toBeLessThan(4_096);
}

function expectHarmlessMail({ subject, text, html }: ReturnType<typeof messages.mail>): void {
  expect(html).not.toContain('<script');
  expect(html).not.toContain('alert("1")');
  expect(html).not.toMatch(/<a [^>]*href="(?!https:\/\/pay\.example)/);
  expect(subject).not.toMatch(UNSEEN);
  expect(withoutBreaks(text)).not.toMatch(UNSEEN);
  expect(text).not.toMatch(/^Bcc:/m);
}

describe.each(MESSAGE_LANGUAGES)('what is inserted into a text in %s', (language) => {
  /** Every field that a template asks for. */
  const fields = [
    ...new Set(
      readdirSync(path.join(TEMPLATES, language)).flatMap((file) =>
        [
          ...readFileSync(path.join(TEMPLATES, language, file), 'utf8').matchAll(
            /it\.\w+\('(\w+)'(?:, '(\w+)')?/g,
          ),
        ].flatMap(([, one = '', other = one]) => [one, other]),
      ),
    ),
  ];
  const data = Object.fromEntries(fields.map((field) => [field, NASTY]));
  const extra = { link: `https://pay.example/confirm?token=${NASTY}`, code: NASTY };
  const actor = { type: 'USER', id: 'u', ip: NASTY, device: NASTY } as const;

  it('stands in fields that were all found', () => {
    expect(fields).toEqual(
      expect.arrayContaining([
        'reason',
        'answer',
        'name',
        'label',
        'invitedBy',
        'amount',
        'prefix',
        'role',
        'txId',
        'reference',
        'holder',
        'askedBy',
        'shopName',
      ]),
    );
  });

  it.each(TOLD_TYPES)('is escaped in %s', (type) => {
    const nasty = { ...event(type, data), actor };
    const channels = channelsOf(type);
    if (channels.some((channel) => channel.endsWith('_BOT')))
      expectHarmlessChat(messages.chat(nasty, language));
    if (channels.includes('EMAIL')) expectHarmlessMail(messages.mail(nasty, language, extra));
    if (channels.includes('SMS')) expect(messages.sms(nasty, language, extra)).not.toMatch(UNSEEN);
  });

  it.each(['received', 'seen', 'held'] as const)('is escaped in a digest of what was %s', (group) => {
    const nasty = { ...sampleDigest(group, 3), projectName: NASTY };
    expectHarmlessChat(messages.digestChat(nasty, language));
    expectHarmlessMail(messages.digestMail(nasty, language));
  });

  it('cannot pass for the link of a mail, nor add a paragraph', () => {
    const link = 'https://pay.example/password-reset?token=abc';
    const forged = {
      ...actor,
      ip: 'https://evil.example',
      device: 'Firefox\n\n\u0001link https://evil.example\u0001',
    };
    const request = { ...event('user.password_reset_requested', {}, null), actor: forged };
    const { html, text } = messages.mail(request, language, { link });
    const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href);
    expect(links).toEqual([link, link]);
    expect(text).not.toMatch(/^https:\/\/evil/m);
  });
});

describe('an event that nobody is told of', () => {
  it('has no text', () => {
    expect(messages.has('invoice.paid', 'notice')).toBe(true);
    expect(messages.has('invoice.created', 'notice')).toBe(false);
    expect(() => messages.chat(event('invoice.created', INVOICE), 'en')).toThrow('no notice template');
  });
});

describe('what is inserted', () => {
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

  it('is an unknown code as it is, where there are no words for it', () => {
    const invited = event('member.invited', { role: 'toString', merchantName: 'Acme' }, null);
    expect(messages.mail(invited, 'de', { link: 'https://x.example' }).text).toContain(
      'Ihre Rolle: toString.',
    );
  });
});

describe('the texts', () => {
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

describe.each(MESSAGE_LANGUAGES)('a payer who is asked for an address in %s', (language) => {
  const link = 'https://pay.example/refund/pbrc_secret';

  it.each(['refund.claim_sent', 'rebound.claim_sent'] as const)('is told by %s by one link', (type) => {
    const [sample] = samplesOf(type);
    if (!sample) throw new Error('no sample');
    const { subject, text, html } = messages.mail(
      { ...sample, data: { ...sample.data, tokenId: 't-1' } },
      language,
      {
        link,
      },
    );
    expect(subject).toMatch(/Corner Shop.*24[.,]490000/);
    expect(text).toContain('A-17');
    expect(text).toMatch(/Polygon/);
    expect(text).toMatch(/23/);
    expect(text.match(/https?:\/\/\S+/g)).toEqual([link]);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([link, link]);
    expect(text + html).not.toContain('t-1');
  });
});

describe('security messages', () => {
  const changed = event('user.password_changed', {}, null);
  const by = (actor: Event['actor']) => messages.mail({ ...changed, actor }, 'en', {}).text;

  it('tell when, from where and what to do', () => {
    const text = by({ type: 'USER', id: 'u', ip: '192.0.2.7', device: 'Firefox on Linux' });
    expect(text).toMatch(/^Time: Nov 21, 2026, 5:05\sPM UTC\nIP: 192\.0\.2\.7\nDevice: Firefox on Linux$/m);
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

  it('carry the code in both bodies', () => {
    const requested = event('user.two_factor_code_requested', {}, null);
    const { text, html } = messages.mail(requested, 'en', { code: '012345' });
    expect(text.split('\n')).toContain('012345');
    expect(html).toContain('<strong class="code">012345</strong>');
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
