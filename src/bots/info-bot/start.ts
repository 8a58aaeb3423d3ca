import type { Composer, Context } from 'grammy';
import type { TelegramLinkConnect } from '../../usecases/telegram/telegram-link-connect.ts';
import { startCommand, type StartTexts } from '../start-command.ts';

const TEXTS: StartTexts = {
  welcome:
    'This bot tells you what happens to your Paybell account, such as a new sign-in. ' +
    'To connect it, ask for a Telegram link in your account settings and open that link here.',
  connected: () => 'Connected. You will be told here what happens to your account.',
  invalidToken:
    'This link does not work: it was used before or is older than 15 minutes. Please ask for a new one.',
};

/** Connects a person's chat (FEATURES N3). */
export const infoStart = (connect: TelegramLinkConnect): Composer<Context> =>
  startCommand({ bot: 'INFO', connect, texts: TEXTS });
