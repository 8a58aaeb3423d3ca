import { isLanguageTag } from '../../domain/text/language-tag.ts';
import type { ChatPlace, TelegramStore } from '../ports/telegram-store.ts';

/** Sets the language of the chat's people, BCP 47: of mails as well as of the bots (FEATURES N9). Safe to repeat. */
export type TelegramChatLanguage = (chat: ChatPlace, locale: string) => Promise<void>;

/** Throws on what is no language tag: the chat offers a few. */
export const telegramChatLanguage =
  ({ telegram }: { readonly telegram: Pick<TelegramStore, 'setLanguage'> }): TelegramChatLanguage =>
  async (chat, locale) => {
    if (!isLanguageTag(locale)) throw new RangeError('no language tag');
    await telegram.setLanguage(chat, locale);
  };
