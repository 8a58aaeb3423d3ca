import type { Bot } from 'grammy';
import type { BalancesShow } from '../../usecases/balance/balances-show.ts';
import type { InvoicesLatest } from '../../usecases/invoice/invoices-latest.ts';
import type { PayoutsOpen } from '../../usecases/payout/payouts-open.ts';
import type { TelegramChatMute } from '../../usecases/telegram/telegram-chat-mute.ts';
import type { BotContext } from '../bot-context.ts';
import { createBot, type BotIdentity, type SharedUseCases } from '../create-bot.ts';
import { balanceCommand } from './balance-command.ts';
import { invoiceCommand, type InvoiceCommandDeps } from './invoice-command.ts';
import { invoicesCommand } from './invoices-command.ts';
import { muteCommand } from './mute-command.ts';
import { payoutDecisions, type PayoutDecisionDeps } from './payout-decisions.ts';
import { payoutsCommand } from './payouts-command.ts';

export interface MerchantBotUseCases
  extends SharedUseCases, Omit<InvoiceCommandDeps, 'publicUrl'>, PayoutDecisionDeps {
  readonly payoutsOpen: PayoutsOpen;
  readonly balancesShow: BalancesShow;
  readonly invoicesLatest: InvoicesLatest;
  readonly telegramChatMute: TelegramChatMute;
}

export const MERCHANT_COMMANDS = [
  'balance',
  'invoices',
  'invoice',
  'payouts',
  'mute',
  'unmute',
  'language',
  'stop',
  'help',
] as const;

/** The bot that tells a merchant's people about payments (FEATURES N3, N10). */
export const createMerchantBot = (
  identity: BotIdentity,
  useCases: MerchantBotUseCases,
  publicUrl: string,
): Bot<BotContext> =>
  createBot({
    ...identity,
    kind: 'MERCHANT',
    useCases,
    welcome: (texts) => texts.merchantWelcome,
    help: (texts) => texts.merchantHelp,
    commands: MERCHANT_COMMANDS,
    features: [
      balanceCommand(useCases.balancesShow),
      invoicesCommand(useCases.invoicesLatest),
      invoiceCommand({ ...useCases, publicUrl }),
      payoutsCommand(useCases.payoutsOpen),
      payoutDecisions(useCases),
      muteCommand(useCases.telegramChatMute),
    ],
  });
