import type { Channel } from './catalogue.ts';

/** The bot that writes to a channel's chats; e-mail and SMS have none. */
export const BOT_OF_CHANNEL = {
  EMAIL: null,
  SMS: null,
  INFO_BOT: 'INFO',
  MERCHANT_BOT: 'MERCHANT',
} as const satisfies Record<Channel, string | null>;
