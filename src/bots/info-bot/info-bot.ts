import type { Bot } from 'grammy';
import type { BotContext } from '../bot-context.ts';
import { createBot, type BotIdentity, type SharedUseCases } from '../create-bot.ts';
import { signInsCommand, type SignInsCommandDeps } from './sign-ins-command.ts';

export interface InfoBotUseCases extends SharedUseCases, SignInsCommandDeps {}

export const INFO_COMMANDS = ['signins', 'language', 'stop', 'help'] as const;

/** The bot that tells people about their own account (FEATURES N2). */
export const createInfoBot = (identity: BotIdentity, useCases: InfoBotUseCases): Bot<BotContext> =>
  createBot({
    ...identity,
    kind: 'INFO',
    useCases,
    welcome: (texts) => texts.infoWelcome,
    help: (texts) => texts.infoHelp,
    commands: INFO_COMMANDS,
    features: [signInsCommand(useCases)],
  });
