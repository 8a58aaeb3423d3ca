import type { NewEvent } from '../../domain/event/event.ts';

export type BotKind = 'INFO' | 'MERCHANT';

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
  readonly userId: string;
  readonly merchantId: string | null;
  readonly merchantName: string | null;
}

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
  /** The last update that was handled. */
  lastUpdate(bot: BotKind): Promise<number>;
  updateHandled(bot: BotKind, updateId: number): Promise<void>;
}
