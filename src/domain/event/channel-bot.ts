import type { Channel } from './event-row.ts';

/** The bot that writes to a channel's chats; the others have none. */
export const BOT_OF_CHANNEL = {
  EMAIL: null,
  SMS: null,
  INFO_BOT: 'INFO',
  MERCHANT_BOT: 'MERCHANT',
  WEBHOOK: null,
} as const satisfies Record<Channel, string | null>;
