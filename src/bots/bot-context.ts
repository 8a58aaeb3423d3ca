import type { Context, Middleware } from 'grammy';
import type { UserActor } from '../domain/access/actor.ts';
import { usableLocale } from '../domain/text/written-forms.ts';
import type { ChatPlace } from '../usecases/ports/telegram-store.ts';
import type { ChatLink, TelegramChatShow } from '../usecases/telegram/telegram-chat-show.ts';
import type { BotTexts } from './texts/bot-texts.ts';
import { textsFor } from './texts/languages.ts';

/** Whom the bot talks to, as it is at this update. */
export interface Talk {
  readonly place: ChatPlace;
  /** Oldest first; empty for a stranger's chat. */
  readonly links: readonly ChatLink[];
  readonly texts: BotTexts;
  /** For the forms of numbers and times. */
  readonly locale: string;
  /** Shown for a moment where a button was pressed; at most 200 characters. */
  note?: string;
}

export type BotContext = Context & { talk: Talk };

/** A link by which its person may still act. */
export interface ActingLink extends ChatLink {
  readonly actor: UserActor;
}

/** A link of the merchant bot by which its person may still act. */
export interface MerchantLink extends ActingLink {
  readonly merchantId: string;
  readonly merchantName: string;
}

const isActing = (link: ChatLink): link is ActingLink => link.actor !== null;

export const actingLinks = ({ talk }: BotContext): ActingLink[] => talk.links.filter(isActing);

export const merchantLinks = (ctx: BotContext): MerchantLink[] =>
  actingLinks(ctx).flatMap((link) => {
    const { merchantId, merchantName } = link;
    return merchantId === null || merchantName === null ? [] : [{ ...link, merchantId, merchantName }];
  });

/**
 * Looks up who talks. Only private chats, and there only the one person whose chat it is: in a group everybody would
 * read what is meant for one.
 */
export const talkOf =
  (bot: ChatPlace['bot'], show: TelegramChatShow): Middleware<BotContext> =>
  async (ctx, next) => {
    const { chat, from } = ctx;
    if (chat?.type !== 'private' || from?.id !== chat.id) return;
    const place = { bot, chatId: String(chat.id) };
    const links = await show(place);
    const tag = links[0]?.locale ?? from.language_code ?? 'en';
    ctx.talk = { place, links, texts: textsFor(tag), locale: usableLocale(tag) };
    await next();
  };
