import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Messages } from '../../usecases/ports/messages.ts';
import { loadTemplateSet, type TemplateFormat, type TemplateSet } from './template-set.ts';
import { templateValues, usableLocale } from './template-values.ts';

export interface EtaMessages extends Messages {
  /** Whether the event can be written in this format, in the language everything falls back to. */
  has(eventType: string, format: TemplateFormat): boolean;
}

const TEMPLATES = path.join(import.meta.dirname, 'templates');
const FALLBACK = 'en';

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

  const setFor = (locale: string, eventType: string, formats: readonly TemplateFormat[]): TemplateSet => {
    const candidates = [sets.get(locale), sets.get(locale.split('-')[0] ?? '')];
    return candidates.find((set) => set && formats.every((format) => set.has(eventType, format))) ?? fallback;
  };

  return {
    has: (eventType, format) => fallback.has(eventType, format),
    mail(event, locale, extra) {
      const tag = usableLocale(locale);
      const set = setFor(tag, event.type, ['subject', 'text', 'html']);
      const values = templateValues(event, tag, extra);
      return {
        subject: set.render(event.type, 'subject', values).replace(/[\r\n]+/g, ' '),
        text: `${set.render(event.type, 'text', values)}\n`,
        html: set.render(event.type, 'html', values),
      };
    },
    chat(event, locale) {
      const tag = usableLocale(locale);
      return setFor(tag, event.type, ['chat']).render(event.type, 'chat', templateValues(event, tag));
    },
  };
}
