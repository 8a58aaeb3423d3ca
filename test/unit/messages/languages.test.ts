import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEtaMessages } from '../../../src/adapters/messages/eta-messages.ts';
import { EVENT_TYPES } from '../../../src/domain/event/catalogue.ts';
import { MESSAGE_LANGUAGES, TEMPLATES } from './message-languages.ts';
import { channelsOf, sampleEvent, SAMPLE_EXTRA, samplesOf, TOLD_TYPES } from './sample-events.ts';

const messages = createEtaMessages();
const OTHERS = MESSAGE_LANGUAGES.filter((language) => language !== 'en');

const filesOf = (language: string): string[] =>
  readdirSync(path.join(TEMPLATES, language)).filter((file) => file.endsWith('.eta'));
const sourceOf = (language: string, file: string): string =>
  readFileSync(path.join(TEMPLATES, language, file), 'utf8');

/** All that a pattern finds, once and in order: the code of two texts is compared, and not where it stands in them. */
const found = (source: string, pattern: RegExp): string[] =>
  [...new Set([...source.matchAll(pattern)].map(([whole]) => whole))].toSorted();

/** What a template takes from the event, what it includes and what it decides by. */
const codeOf = (source: string): string[] => [
  ...found(source, /it\.\w+(?:\('\w+'(?:, '\w+')?)?/g),
  ...found(source, /include\('@[\w-]+'/g),
  ...found(source, /=== '\w+'/g),
  ...found(source, /\b[A-Z_]{4,}(?=: ')/g),
];

/** What is read: the text around the code, and the words in it. */
const wordsOf = (source: string): string[] => [
  ...source
    .replace(/<%[\s\S]*?%>/g, '\n')
    .split('\n')
    .map((line) => line.trim()),
  ...[...source.matchAll(/\w+: '([^']+)'/g)].map(([, words = '']) => words),
];
const hasLetters = (text: string): boolean => /\p{L}{2}/u.test(text);

/** Words that are the same in English. */
const SAME: Readonly<Record<string, readonly string[]>> = { de: ['Name:', 'Server:'] };

describe.each(OTHERS)('the texts in %s', (language) => {
  it('are those that English has', () => {
    expect(filesOf(language)).toEqual(filesOf('en'));
  });

  it.each(filesOf('en'))('tell the same as English in %s', (file) => {
    expect(codeOf(sourceOf(language, file))).toEqual(codeOf(sourceOf('en', file)));
  });

  it('hold no English', () => {
    const english = new Set(
      filesOf('en')
        .flatMap((file) => wordsOf(sourceOf('en', file)))
        .filter(hasLetters),
    );
    const left = filesOf(language).flatMap((file) =>
      wordsOf(sourceOf(language, file)).filter(
        (words) => english.has(words) && !SAME[language]?.includes(words),
      ),
    );
    expect(left).toEqual([]);
    const frame = (tag: string): string[] => Object.values<string>(JSON.parse(sourceOf(tag, 'frame.json')));
    expect(frame(language)).toHaveLength(frame('en').length);
    expect(frame(language).filter((words) => frame('en').includes(words))).toEqual([]);
  });
});

describe('the templates', () => {
  it('are there for every event in each form that it is told in, and for nothing else', () => {
    const forEvents = TOLD_TYPES.flatMap((type) => {
      const channels = channelsOf(type);
      return [
        ...(channels.includes('SMS') ? [`${type}.sms.eta`] : []),
        ...(channels.some((channel) => channel !== 'SMS') ? [`${type}.notice.eta`] : []),
      ];
    });
    const forDigests = ['held', 'received', 'seen'].map((group) => `digest.${group}.notice.eta`);
    const included = filesOf('en').flatMap((file) =>
      [...sourceOf('en', file).matchAll(/include\('@([\w-]+)'/g)].map(([, part]) => `${part}.notice.eta`),
    );
    expect(filesOf('en').toSorted()).toEqual(
      [...new Set([...forEvents, ...forDigests, ...included])].toSorted(),
    );
    expect(EVENT_TYPES.length).toBeGreaterThan(TOLD_TYPES.length);
  });

  it.each(MESSAGE_LANGUAGES)('know every plural form of %s', (language) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    const plurals = filesOf(language).flatMap((file) => [
      ...sourceOf(language, file).matchAll(/it\.plural\('\w+', (\{[^}]*\})/g),
    ]);
    expect(plurals).toHaveLength(3);
    for (const [, words = ''] of plurals) {
      expect(found(words, /\b\w+(?=: '[^']*#)/g)).toEqual(forms);
    }
  });
});

/** The basic characters of GSM 03.38: with others an SMS is sent in UCS-2, 70 characters a part. */
const GSM_7 = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ]*$/;

describe.each(MESSAGE_LANGUAGES)('an SMS in %s', (language) => {
  it.each(TOLD_TYPES.filter((type) => channelsOf(type).includes('SMS')))('of %s is one part', (type) => {
    const sms = messages.sms(sampleEvent(type), language, SAMPLE_EXTRA);
    expect(sms).toMatch(/^012345 [^\r\n]+$/);
    expect(sms.length).toBeLessThanOrEqual(GSM_7.test(sms) ? 160 : 70);
    // Only another script is a reason to pay for the short parts.
    expect(GSM_7.test(sms)).toBe(language !== 'ru');
  });
});

describe('people are addressed formally', () => {
  const INFORMAL: Readonly<Record<string, RegExp>> = {
    de: /(?<!\p{L})(?:du|dich|dir|deine?[mnrs]?|euch|euer)(?!\p{L})/iu,
    es: /(?<!\p{L})(?:tú|tu|tus|te|ti|contigo|tienes|puedes)(?!\p{L})/iu,
    ru: /(?<!\p{L})(?:ты|тебя|тебе|тобой|тво[йяеёи]\p{L}*|вы|вас|вам|вами|ваш\p{L}*)(?!\p{L})/u,
  };

  it.each(OTHERS)('in %s', (language) => {
    for (const file of [...filesOf(language), 'frame.json']) {
      const text = wordsOf(sourceOf(language, file)).join('\n');
      expect(text, file).not.toMatch(INFORMAL[language] ?? /^$/);
    }
  });
});

/** The narrow ones that dates have differ between the versions of ICU. */
const plainSpaces = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('a reader gets', () => {
  const [paid] = samplesOf('invoice.paid');
  if (!paid) throw new Error('no sample of invoice.paid');
  const subjectFor = (locale: string): string => messages.mail(paid, locale, {}).subject;
  const timeFor = (locale: string): string =>
    plainSpaces(messages.mail(paid, locale, {}).text.trim().split('\n').at(-1) ?? '');

  it('the own language, with numbers and dates in its form', () => {
    expect(subjectFor('en')).toBe('Invoice paid: 1,300.00\u00a0USD for order A-17');
    expect(subjectFor('ru')).toBe('Счёт оплачен: 1\u00a0300,00\u00a0USD, заказ A-17');
    expect(subjectFor('de')).toBe('Rechnung bezahlt: 1.300,00\u00a0USD für Bestellung A-17');
    expect(subjectFor('es')).toBe('Factura pagada: 1300,00\u00a0USD por el pedido A-17');
    expect(timeFor('en')).toBe('Time: Nov 21, 2026, 5:05 PM UTC');
    expect(timeFor('ru')).toBe('Время: 21 нояб. 2026 г., 17:05 UTC');
    expect(timeFor('de')).toBe('Zeit: 21.11.2026, 17:05 UTC');
    expect(timeFor('es')).toBe('Hora: 21 nov 2026, 17:05 UTC');
  });

  it('the language where the country has no texts of its own, with the country’s numbers and dates', () => {
    expect(subjectFor('de-AT')).toMatch(/^Rechnung bezahlt: 1[^,.]300,00/);
    expect(subjectFor('de-CH')).toMatch(/^Rechnung bezahlt: 1['’]300\.00/);
    expect(subjectFor('es-MX')).toMatch(/^Factura pagada: 1,300\.00/);
    expect(timeFor('en-GB')).toBe('Time: 21 Nov 2026, 17:05 UTC');
    expect(subjectFor('RU-ru')).toMatch(/^Счёт/);
  });

  it('English with English numbers and dates where the language has no texts', () => {
    for (const locale of ['pt', 'pt-BR', 'fa', 'ar-EG', 'not a tag', '', '../de', 'shared']) {
      expect(subjectFor(locale)).toBe('Invoice paid: 1,300.00\u00a0USD for order A-17');
      expect(timeFor(locale)).toBe('Time: Nov 21, 2026, 5:05 PM UTC');
    }
  });

  it('a page that names the language of its text', () => {
    const languageFor = (locale: string) =>
      /<html lang="([^"]*)"/.exec(messages.mail(paid, locale, {}).html)?.[1];
    expect(['ru', 'de-AT', 'pt', 'en-GB'].map(languageFor)).toEqual(['ru', 'de', 'en', 'en']);
  });
});
