import path from 'node:path';
import type { Digest } from '../../domain/notification/digest.ts';
import { usableLocale } from '../../domain/text/written-forms.ts';
import type { Messages, RenderedMail } from '../../usecases/ports/messages.ts';
import type { FrameWords } from './frame-words.ts';
import { loadLanguages, type Languages } from './languages.ts';
import { marked, noticeText, readNotice, type Notice } from './notice.ts';
import { formatsOf, templateValues, type WrittenEvent } from './template-values.ts';

export interface EtaMessages extends Messages {
  /** Whether the event can be written so in the language everything falls back to: mail and chat are one notice. */
  has(eventType: string, format: 'notice' | 'sms'): boolean;
}

const TEMPLATES = path.join(import.meta.dirname, 'templates');

type Extra = Readonly<Record<string, string>>;

/** Writes messages from the template files, one folder a language; what a language lacks is taken from English. */
export function createEtaMessages(folder = TEMPLATES): EtaMessages {
  const languages = loadLanguages(folder);
  const mail = (
    event: WrittenEvent,
    locale: string,
    extra: Extra,
    unsubscribeUrl: string | null,
  ): RenderedMail => mailOf(languages, writeNotice(languages, event, locale, extra), unsubscribeUrl);
  const chat = (event: WrittenEvent, locale: string): string =>
    languages.forms.render('notice-chat', 'chat', writeNotice(languages, event, locale, {}));
  return {
    has: (eventType, format) => languages.fallback.templates.has(eventType, format),
    mail: (event, locale, extra, unsubscribeUrl = null) => mail(event, locale, extra, unsubscribeUrl),
    chat,
    digestMail: (digest, locale, unsubscribeUrl = null) =>
      mail(digestEvent(digest), locale, {}, unsubscribeUrl),
    digestChat: (digest, locale) => chat(digestEvent(digest), locale),
    sms(event, locale, extra) {
      const tag = usableLocale(locale);
      const language = languages.withTemplate(tag, event.type, 'sms');
      return language.templates.render(
        event.type,
        'sms',
        templateValues(event, formatsOf(tag, language.tag), extra),
      );
    },
  };
}

/** A notice with what its forms need around it. */
interface WrittenNotice extends Notice {
  /** Of the text; BCP 47. */
  readonly language: string;
  readonly frame: FrameWords;
  readonly test: boolean;
}

function writeNotice(languages: Languages, event: WrittenEvent, locale: string, extra: Extra): WrittenNotice {
  const tag = usableLocale(locale);
  const { tag: language, templates, frame } = languages.withTemplate(tag, event.type, 'notice');
  const values = templateValues(event, formatsOf(tag, language), extra, marked);
  return {
    ...readNotice(templates.render(event.type, 'notice', values)),
    language,
    frame,
    test: values.test,
  };
}

/** For chats, whose lists show it; a subject does without. */
const LEADING_EMOJI = /^\p{Extended_Pictographic}\ufe0f?\s+/u;

function mailOf({ forms }: Languages, notice: WrittenNotice, unsubscribeUrl: string | null): RenderedMail {
  const { test, frame } = notice;
  const title = notice.title.replace(LEADING_EMOJI, '');
  const text = test ? `${frame.testMode}\n\n${noticeText(notice)}` : noticeText(notice);
  return {
    subject: test ? `${frame.testSubject} ${title}` : title,
    text: unsubscribeUrl === null ? `${text}\n` : `${text}\n\n${signature(frame, unsubscribeUrl)}\n`,
    html: forms.render('notice-page', 'html', { ...notice, title, unsubscribeUrl }),
  };
}

/** How such mails are ended; "-- " is how programs know what is no part of the message (RFC 3676, 4.3). */
const signature = ({ footer, unsubscribe }: FrameWords, unsubscribeUrl: string): string =>
  `-- \n${footer}\n${unsubscribe}:\n${unsubscribeUrl}`;

/** A digest as the templates see it: `digest.<group>`, with its sums in `amount0`, `currency0`, `amount1` and so on. */
const digestEvent = ({ group, count, sums, mode, projectName, from, to }: Digest): WrittenEvent => ({
  type: `digest.${group}`,
  mode,
  actor: { type: 'SYSTEM', id: null },
  occurredAt: to,
  data: {
    count,
    projectName,
    from: from.toISOString(),
    ...Object.fromEntries(
      sums.flatMap(({ currency, amount }, place) => [
        [`amount${place}`, amount],
        [`currency${place}`, currency],
      ]),
    ),
  },
});
