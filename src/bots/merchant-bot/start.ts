import type { Composer, Context } from 'grammy';
import type { TelegramLinkConnect } from '../../usecases/telegram/telegram-link-connect.ts';
import { startCommand, type StartTexts } from '../start-command.ts';

const TEXTS: StartTexts = {
  welcome:
    'This bot rings when a payment arrives for your shop. ' +
    'To connect it, ask for a Telegram link in your merchant settings and open that link here.',
  connected: ({ merchantName }) =>
    `Connected. You will be told here about the payments of ${merchantName ?? 'your merchant'}.`,
  invalidToken:
    'This link does not work: it was used before or is older than 15 minutes. Please ask for a new one.',
};

/** Connects a merchant's chat (FEATURES N3). */
export const merchantStart = (connect: TelegramLinkConnect): Composer<Context> =>
  startCommand({ bot: 'MERCHANT', connect, texts: TEXTS });
