import type { Bot } from 'grammy';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { TelegramLinkConnect } from '../../usecases/telegram/telegram-link-connect.ts';
import { createBot } from '../create-bot.ts';
import { merchantStart } from './start.ts';

export interface MerchantBotOptions {
  readonly token: string;
  readonly apiRoot?: string;
  readonly logger: Logger;
  readonly telegramLinkConnect: TelegramLinkConnect;
}

/** The bot that tells a merchant's people about payments. */
export const createMerchantBot = ({ telegramLinkConnect, ...options }: MerchantBotOptions): Bot =>
  createBot({ ...options, kind: 'MERCHANT', features: [merchantStart(telegramLinkConnect)] });
