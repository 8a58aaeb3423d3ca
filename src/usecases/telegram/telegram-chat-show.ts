import type { UserActor } from '../../domain/access/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChatPlace, TelegramStore } from '../ports/telegram-store.ts';
import { chatActor } from './chat-actor.ts';

export interface ChatLink {
  readonly linkId: string;
  readonly merchantId: string | null;
  readonly merchantName: string | null;
  /** The person's language, BCP 47. */
  readonly locale: string;
  /** Who acts by this link; null where the person may do nothing any more. */
  readonly actor: UserActor | null;
}

/** The links of a chat that have not ended, oldest first; none for a stranger's. What Telegram says is who asks. */
export type TelegramChatShow = (chat: ChatPlace) => Promise<readonly ChatLink[]>;

export interface TelegramChatShowDeps {
  readonly telegram: Pick<TelegramStore, 'linksOf'>;
  readonly clock: Clock;
}

export const telegramChatShow =
  ({ telegram, clock }: TelegramChatShowDeps): TelegramChatShow =>
  async (chat) => {
    const at = clock.now();
    return (await telegram.linksOf(chat)).map((link) => ({
      linkId: link.linkId,
      merchantId: link.merchantId,
      merchantName: link.merchantName,
      locale: link.locale,
      actor: chatActor(link, at),
    }));
  };
