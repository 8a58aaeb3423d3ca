import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEtaMessages } from '../../../src/adapters/messages/eta-messages.ts';
import type { EventType } from '../../../src/domain/event/catalogue.ts';
import type { Event } from '../../../src/domain/event/event.ts';
import type { RenderedMail } from '../../../src/usecases/ports/messages.ts';
import { MESSAGE_LANGUAGES } from './message-languages.ts';
import {
  channelsOf,
  sampleDigest,
  sampleEvent,
  SAMPLE_EXTRA,
  samplesOf,
  TOLD_TYPES,
} from './sample-events.ts';

const messages = createEtaMessages();
const GROUPS = ['received', 'seen', 'held'] as const;
/** Few and many of them, for every plural form. */
const COUNTS = [2, 5, 21, 1_234];

/** The message in its page: text and what marks it. How the page looks around it is tested elsewhere. */
const shownHtml = (html: string): string =>
  html
    .replace(/^[\s\S]*?<h1/, '<h1')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(?!\/?(?:h1|p|a|strong|code|br)\b)[^>]*>/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/** The kinds of spaces in numbers and dates differ between the versions of ICU, and nobody sees them. */
const plainSpaces = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

const section = (title: string, text: string): string => `--- ${title}\n${text.trimEnd()}`;

const mailSections = ({ subject, text, html }: RenderedMail): string[] => [
  section('mail subject', subject),
  section('mail text', text),
  section('mail html', shownHtml(html)),
];

function sectionsOf(event: Event, locale: string): string[] {
  const channels = channelsOf(event.type);
  return [
    ...(channels.includes('EMAIL') ? mailSections(messages.mail(event, locale, SAMPLE_EXTRA)) : []),
    ...(channels.includes('SMS') ? [section('sms', messages.sms(event, locale, SAMPLE_EXTRA))] : []),
    ...(channels.some((channel) => channel.endsWith('_BOT'))
      ? [section('chat', messages.chat(event, locale))]
      : []),
  ];
}

const chapter = (title: string, sections: readonly string[]): string =>
  `=== ${title}\n${sections.join('\n\n')}\n`;

function book(locale: string): string {
  const events = TOLD_TYPES.toSorted().flatMap((type: EventType) =>
    samplesOf(type).map((event, place) =>
      chapter(place === 0 ? type : `${type}, otherwise`, sectionsOf(event, locale)),
    ),
  );
  const digests = GROUPS.flatMap((group) =>
    COUNTS.map((count) => sampleDigest(group, count)).map((digest) =>
      chapter(`digest.${group} of ${digest.count}`, [
        ...mailSections(messages.digestMail(digest, locale)),
        section('chat', messages.digestChat(digest, locale)),
      ]),
    ),
  );
  const [paid] = samplesOf('invoice.paid');
  const inTest = sampleEvent('invoice.paid', paid?.data, 'TEST');
  const testMode = chapter('invoice.paid in test mode, in a mail that can be ended', [
    ...mailSections(messages.mail(inTest, locale, {}, 'https://pay.example/unsubscribe?token=abc')),
    section('chat', messages.chat(inTest, locale)),
  ]);
  return plainSpaces([...events, ...digests, testMode].join('\n'));
}

describe('every message', () => {
  it.each(MESSAGE_LANGUAGES)('reads as before in %s', async (language) => {
    const file = path.join(import.meta.dirname, 'snapshots', `${language}.txt`);
    await expect(book(language)).toMatchFileSnapshot(file);
  });
});
