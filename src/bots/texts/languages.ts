import type { BotTexts } from './bot-texts.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { ru } from './ru.ts';

/** The languages that a person can choose (FEATURES N9), by their own names. */
export const LANGUAGES = {
  en: 'English',
  ru: 'Русский',
  de: 'Deutsch',
  es: 'Español',
} as const;

export type Language = keyof typeof LANGUAGES;

export const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

const TEXTS: Readonly<Record<Language, BotTexts>> = { en, ru, de, es };

/** The texts for a language tag (BCP 47), such as "de" or "de-AT"; English where there are none. */
export function textsFor(tag: string): BotTexts {
  const language = tag.split('-')[0]?.toLowerCase() ?? '';
  return isLanguage(language) ? TEXTS[language] : en;
}
