import { describe, expect, it } from 'vitest';
import type { BotTexts } from '../../../src/bots/texts/bot-texts.ts';
import { LANGUAGES, textsFor } from '../../../src/bots/texts/languages.ts';

const SIGN_IN = { time: '17:05', device: 'Firefox', ip: '::1', isLive: true, isDisowned: false };
const INVOICE = { amount: '1 USD', orderId: 'A-17', merchant: 'Acme', project: 'Shop', isTest: true };
const BALANCE = { available: '1 USD', pending: '2 USD', held: '3 USD', owed: '4 USD' };

/** Every text with something in it, by its place: what differs between languages are the words. */
const allTexts = (texts: BotTexts): Readonly<Record<string, string>> => {
  const { balance, invoices, invoice, mute, language, stop, signIns, commands, merchantConnected, ...plain } =
    texts;
  const { title, line, none } = balance;
  return {
    ...plain,
    ...commands,
    ...invoices.status,
    ...mute.choices,
    merchantConnected: merchantConnected('Acme'),
    balances: [title('Acme'), line(BALANCE), none].join('\n'),
    invoices: [invoices.title('Acme'), invoices.none, invoices.more].join('\n'),
    modes: [invoices.showTest, invoices.showLive, invoice.asTest, invoice.asLive].join('\n'),
    summary: invoice.summary(INVOICE),
    liveSummary: invoice.summary({ ...INVOICE, isTest: false, orderId: null }),
    created: invoice.created(INVOICE, 'https://pay.example/1'),
    faults: [
      invoice.usage,
      invoice.unknownCurrency('XYZ'),
      invoice.badAmount('USD'),
      invoice.badOrderId,
    ].join('\n'),
    changed: [invoice.projectNotActive, invoice.changed, invoice.create].join('\n'),
    mute: [mute.question, mute.mutedUntil('17:05'), mute.mutedForever, mute.unmuted].join('\n'),
    language: [language.question, language.chosen].join('\n'),
    stop: [stop.question, stop.confirm, stop.done].join('\n'),
    signIns: [signIns.title, signIns.none, signIns.line(SIGN_IN), signIns.question(SIGN_IN)].join('\n'),
    disowned: [signIns.line({ ...SIGN_IN, isDisowned: true }), signIns.notMe(1), signIns.disowned].join('\n'),
    otherwise: [signIns.disownedBefore, signIns.unknown, signIns.newPassword, signIns.tooMany].join('\n'),
  };
};

const buttonsOf = ({ cancel, invoices, invoice, mute, stop, signIns }: BotTexts): string[] =>
  [
    [cancel, invoices.more, invoices.showTest, invoices.showLive],
    [invoice.create, invoice.asTest, invoice.asLive, stop.confirm],
    [signIns.notMe(null), signIns.notMe(10), signIns.confirm, signIns.newPassword],
    Object.values(mute.choices),
  ].flat();

describe.each(Object.keys(LANGUAGES))('what the bots say in %s', (language) => {
  const texts = textsFor(language);

  it('fits where it is shown', () => {
    expect(Object.values(texts.commands).filter((text) => text.length > 60)).toEqual([]);
    expect(texts.outdated.length).toBeLessThanOrEqual(200);
    expect(buttonsOf(texts).filter((text) => text.length > 30)).toEqual([]);
  });

  it('keeps what is inserted', () => {
    const { invoice, signIns, balance, merchantConnected } = textsFor(language);
    for (const part of ['1 USD', 'A-17', 'Acme', 'Shop', 'https://pay.example/1'])
      expect(invoice.created(INVOICE, 'https://pay.example/1')).toContain(part);
    for (const part of ['17:05', 'Firefox', '::1']) expect(signIns.question(SIGN_IN)).toContain(part);
    for (const part of Object.values(BALANCE)) expect(balance.line(BALANCE)).toContain(part);
    expect(merchantConnected('Acme & Sons')).toContain('Acme & Sons');
  });
});

it('a language without texts is answered in English', () => {
  expect(textsFor('pt-BR')).toBe(textsFor('en'));
  expect(textsFor('DE-at')).toBe(textsFor('de'));
  expect(textsFor('constructor')).toBe(textsFor('en'));
});

it.each(['ru', 'de', 'es'])('nothing in %s is English', (language) => {
  const english = allTexts(textsFor('en'));
  const same = Object.entries(allTexts(textsFor(language))).filter(
    ([place, text]) => english[place] === text,
  );
  expect(same.map(([place]) => place)).toEqual(language === 'de' ? ['test'] : []);
});
