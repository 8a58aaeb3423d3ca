import type { Bot } from 'grammy';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { TelegramLinkConnect } from '../../usecases/telegram/telegram-link-connect.ts';
import { createBot } from '../create-bot.ts';
import { infoStart } from './start.ts';

export interface InfoBotOptions {
  readonly token: string;
  readonly apiRoot?: string;
  readonly logger: Logger;
  readonly telegramLinkConnect: TelegramLinkConnect;
}

/** The bot that tells people about their own account. */
export const createInfoBot = ({ telegramLinkConnect, ...options }: InfoBotOptions): Bot =>
  createBot({ ...options, kind: 'INFO', features: [infoStart(telegramLinkConnect)] });
