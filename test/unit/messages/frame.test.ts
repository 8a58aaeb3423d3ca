import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEtaMessages } from '../../../src/adapters/messages/eta-messages.ts';
import { readFrameWords } from '../../../src/adapters/messages/frame-words.ts';
import { MESSAGE_LANGUAGES, TEMPLATES } from './message-languages.ts';
import { sampleEvent } from './sample-events.ts';

const messages = createEtaMessages();
const HOSTILE = 'https://pay.example/unsubscribe?token="><b>';
const ESCAPED = 'https://pay.example/unsubscribe?token=&quot;&gt;&lt;b&gt;';

describe.each(MESSAGE_LANGUAGES)('the frame in %s', (language) => {
  const words = readFrameWords(path.join(TEMPLATES, language));
  const event = sampleEvent('project.moderation_decided');

  test('says how such mails are ended, in both bodies', () => {
    const { text, html } = messages.mail(event, language, {}, HOSTILE);
    expect(text.endsWith(`\n\n-- \n${words.footer}\n${words.unsubscribe}:\n${HOSTILE}\n`)).toBe(true);
    for (const part of [
      `<html lang="${language}"`,
      words.footer,
      `<a href="${ESCAPED}">${words.unsubscribe}</a>`,
    ])
      expect(html).toContain(part);
  });

  test('says nothing of it where they cannot be ended', () => {
    const { text, html } = messages.mail(event, language, {}, null);
    expect(text).not.toContain('-- ');
    expect(html).toContain(words.footer);
    expect(html).not.toMatch(/<a /);
    expect([text, html].join('\n')).not.toContain(words.unsubscribe);
  });

  test('tells play money from money', () => {
    const told = (mode: 'TEST' | 'LIVE') => {
      const { subject, text, html } = messages.mail({ ...event, mode }, language, {}, null);
      const chat = messages.chat({ ...event, mode }, language);
      return [
        subject.includes(words.testSubject),
        ...[text, html, chat].map((t) => t.includes(words.testMode)),
      ];
    };
    expect(told('TEST')).toEqual([true, true, true, true]);
    expect(told('LIVE')).toEqual([false, false, false, false]);
  });
});

test('a word that is missing is a fault', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'frame-'));
  try {
    writeFileSync(
      path.join(folder, 'frame.json'),
      '{"testMode":"Probe!","testSubject":"[Probe]","footer":"Fuß"}',
    );
    expect(() => readFrameWords(folder)).toThrow(/frame\.json lacks unsubscribe/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
