import { z } from 'zod';
import { baseUrl } from './readers.ts';
import type { Variables } from './variable.ts';

const token = () =>
  z
    .string()
    .regex(/^\d+:[\w-]{10,}$/, 'must be a token from @BotFather')
    .optional();
const username = () =>
  z
    .string()
    .regex(/^\w{5,32}$/, 'must be the name of the bot without @')
    .optional();

export const telegramVariables = {
  INFO_BOT_TOKEN: {
    description: 'Token of the Info bot. Without it that bot is off.',
    secret: true,
    schema: token(),
  },
  INFO_BOT_USERNAME: { description: 'Name of the Info bot, for its links.', schema: username() },
  MERCHANT_BOT_TOKEN: {
    description: 'Token of the Merchant bot. Without it that bot is off.',
    secret: true,
    schema: token(),
  },
  MERCHANT_BOT_USERNAME: { description: 'Name of the Merchant bot, for its links.', schema: username() },
  TELEGRAM_UPDATES: {
    description:
      'How the bots hear: `polling` asks Telegram, in one process; with `webhook` Telegram posts to `PUBLIC_URL`.',
    shownDefault: 'polling',
    schema: z.enum(['polling', 'webhook']).default('polling'),
  },
  TELEGRAM_API_ROOT: {
    description: 'Another Bot API server than Telegram’s own.',
    shownDefault: 'https://api.telegram.org',
    schema: baseUrl('https', 'http')
      .optional()
      .transform((text) => text ?? 'https://api.telegram.org'),
  },
} as const satisfies Variables;
