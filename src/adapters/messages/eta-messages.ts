import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Event } from '../../domain/event/event.ts';
import type { Messages, RenderedMail } from '../../usecases/ports/messages.ts';
import { noticeMarkup, noticeText, readNotice } from './notice.ts';
import { loadTemplateSet, type TemplateFormat, type TemplateSet } from './template-set.ts';
import { templateValues, usableLocale, type TemplateValues } from './template-values.ts';

/** What is written of an event, and the templates of its own that each takes; a notice stands for mail and chat. */
const FORMS = {
  mail: ['subject', 'text', 'html'],
  chat: ['chat'],
  sms: ['sms'],
} as const satisfies Record<string, readonly TemplateFormat[]>;

type Form = keyof typeof FORMS;
type Extra = Readonly<Record<string, string>>;

export interface EtaMessages extends Messages {
  /** Whether the event can be written in this form, in the language everything falls back to. */
  has(eventType: string, form: Form): boolean;
}

const TEMPLATES = path.join(import.meta.dirname, 'templates');
const FALLBACK = 'en';

const hasOwn = (set: TemplateSet, eventType: string, form: Form): boolean =>
  FORMS[form].every((format) => set.has(eventType, format));

const hasNotice = (set: TemplateSet, eventType: string, form: Form): boolean =>
  form !== 'sms' && set.has(eventType, 'notice');

const canWrite = (set: TemplateSet, eventType: string, form: Form): boolean =>
  hasOwn(set, eventType, form) || hasNotice(set, eventType, form);

/** What one message is written with. */
interface Writing {
  readonly eventType: string;
  readonly set: TemplateSet;
  /** Where the forms of notices stand. */
  readonly shared: TemplateSet;
  readonly isNotice: boolean;
  readonly values: TemplateValues;
  readonly extra: Extra;
}

/**
 * Writes messages from the template files, one folder a language; what a language lacks is taken from English.
 * All templates are compiled here, so that a broken one stops the start and not a message.
 */
export function createEtaMessages(folder = TEMPLATES): EtaMessages {
  const sets = new Map<string, TemplateSet>();
  for (const language of readdirSync(folder))
    sets.set(language, loadTemplateSet(path.join(folder, language)));
  const fallback = sets.get(FALLBACK);
  if (!fallback) throw new Error(`the templates lack the language ${FALLBACK}`);

  const setFor = (tag: string, eventType: string, form: Form): TemplateSet => {
    const candidates = [sets.get(tag), sets.get(tag.split('-')[0] ?? '')];
    return candidates.find((set) => set && canWrite(set, eventType, form)) ?? fallback;
  };
  const writing = (form: Form, event: Event, locale: string, extra: Extra = {}): Writing => {
    const tag = usableLocale(locale);
    const set = setFor(tag, event.type, form);
    return {
      eventType: event.type,
      set,
      shared: set.has('notice-page', 'html') && set.has('notice-chat', 'chat') ? set : fallback,
      isNotice: !hasOwn(set, event.type, form) && hasNotice(set, event.type, form),
      values: templateValues(event, tag, extra),
      extra,
    };
  };

  return {
    has: (eventType, form) => canWrite(fallback, eventType, form),
    mail: (event, locale, extra) => writeMail(writing('mail', event, locale, extra)),
    chat: (event, locale) => writeChat(writing('chat', event, locale)),
    sms(event, locale, extra) {
      const { set, eventType, values } = writing('sms', event, locale, extra);
      return set.render(eventType, 'sms', values);
    },
  };
}

function writeMail({ eventType, set, shared, isNotice, values, extra }: Writing): RenderedMail {
  if (isNotice) {
    const notice = readNotice(set.render(eventType, 'notice', values));
    return {
      subject: notice.title,
      text: `${noticeText(notice)}\n`,
      html: noticeMarkup(shared, 'html', notice, values, extra),
    };
  }
  return {
    subject: set.render(eventType, 'subject', values).replace(/[\r\n]+/g, ' '),
    text: `${set.render(eventType, 'text', values)}\n`,
    html: set.render(eventType, 'html', values),
  };
}

function writeChat({ eventType, set, shared, isNotice, values, extra }: Writing): string {
  if (!isNotice) return set.render(eventType, 'chat', values);
  return noticeMarkup(shared, 'chat', readNotice(set.render(eventType, 'notice', values)), values, extra);
}
