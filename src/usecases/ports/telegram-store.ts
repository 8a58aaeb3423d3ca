import type { Membership } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';

export type BotKind = 'INFO' | 'MERCHANT';

/** A private chat of somebody with one of the bots. */
export interface ChatPlace {
  readonly bot: BotKind;
  /** Telegram's number of the chat, as text. */
  readonly chatId: string;
}

export interface NewTelegramLink {
  readonly id: string;
  readonly bot: BotKind;
  readonly userId: string;
  /** Set for the merchant bot. */
  readonly merchantId: string | null;
  readonly tokenHash: Uint8Array;
  readonly tokenExpiresAt: Date;
  readonly createdAt: Date;
}

export interface ConnectedLink {
  readonly linkId: string;
  readonly bot: BotKind;
  readonly userId: string;
  readonly merchantId: string | null;
  readonly merchantName: string | null;
}

/** A link with what its person may do at this moment. */
export interface LiveLink extends ConnectedLink {
  /** The person's language, BCP 47. */
  readonly locale: string;
  readonly mutedUntil: Date | null;
  /** In the merchant of the link; null for the info bot, and where the person has no access any more. */
  readonly membership: Membership | null;
  /** Whoever runs the gateway acts by a session with a second factor only. */
  readonly isOperator: boolean;
}

export type LinkEnd = 'DISCONNECTED' | 'BLOCKED';

/** Which links are ended: one of a person, or all of a chat that were connected before `connectedBefore`. */
export type EndedLinks =
  | { readonly linkId: string; readonly userId: string }
  | { readonly chat: ChatPlace; readonly connectedBefore: Date };

/** Links between people and chats. Each method is one atomic write or one read. */
export interface TelegramStore {
  createLink(link: NewTelegramLink): Promise<void>;
  /** Uses the token once for the chat; null when it is unknown, used or expired at `at`. */
  connect(
    bot: BotKind,
    tokenHash: Uint8Array,
    chatId: string,
    at: Date,
    eventFor: (link: ConnectedLink) => NewEvent,
  ): Promise<ConnectedLink | null>;
  /** The links of a chat that have not ended, oldest first. */
  linksOf(chat: ChatPlace): Promise<readonly LiveLink[]>;
  /** Ends those that have not ended yet, each with its event in the same statement; gives these. */
  endLinks(
    which: EndedLinks,
    end: { readonly reason: LinkEnd; readonly at: Date },
    eventFor: (link: ConnectedLink) => NewEvent,
  ): Promise<readonly ConnectedLink[]>;
  /** Until when the chat's links are told nothing but what is urgent; null for not at all. */
  mute(chat: ChatPlace, until: Date | null): Promise<void>;
  /** Sets the language of the people of the chat, BCP 47. */
  setLanguage(chat: ChatPlace, locale: string): Promise<void>;
  /** Whether the update is ours to handle: true once for each of a bot's updates, whoever asks. */
  claimUpdate(bot: BotKind, updateId: number, at: Date): Promise<boolean>;
}
