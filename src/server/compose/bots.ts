import type { Bot } from 'grammy';
import type { BotContext } from '../../bots/bot-context.ts';
import { registerCommands } from '../../bots/command-list.ts';
import { createInfoBot, INFO_COMMANDS } from '../../bots/info-bot/info-bot.ts';
import { createMerchantBot, MERCHANT_COMMANDS } from '../../bots/merchant-bot/merchant-bot.ts';
import type { BotCommand } from '../../bots/texts/bot-texts.ts';
import { pollUpdates } from '../../bots/updates/polling.ts';
import { createUpdateIntake, type UpdateIntake } from '../../bots/updates/update-intake.ts';
import { announceWebhook } from '../../bots/updates/webhook.ts';
import type { BotConfig } from '../../config/config.ts';
import type { BotKind } from '../../usecases/ports/telegram-store.ts';
import { createTelegramRoute } from '../http-telegram.ts';
import type { Route } from '../http.ts';
import type { BackgroundDeps } from './background.ts';
import { startLoop } from './start-loop.ts';

interface RunningBot {
  readonly kind: BotKind;
  readonly config: BotConfig;
  readonly bot: Bot<BotContext>;
  readonly commands: readonly BotCommand[];
}

/** Role `bots`: what people write to the bots. Gives the routes by which Telegram posts it; none while it is read. */
export function startBots(deps: BackgroundDeps): Readonly<Record<string, Route>> {
  const { useCases, clock, logger, leader, shutdown } = deps;
  const routes: Record<string, Route> = {};
  for (const running of setUpBots(deps)) {
    const { kind, bot, commands } = running;
    const intake = createUpdateIntake({ kind, bot, telegram: useCases.telegram, clock });
    shutdown.add(`updates of the ${kind} bot`, () => intake.idle());
    const loop = {
      kind,
      bot,
      lock: leader,
      logger,
      onLead: (signal: AbortSignal) => registerCommands(bot, commands, signal),
    };
    if (deps.config.telegram.updates === 'webhook') {
      const { path, pathSecret, headerSecret } = webhookOf(deps, running);
      const url = `${deps.config.http.publicUrl}${path}${pathSecret}`;
      routes[path] = route(deps, intake, { pathSecret, headerSecret });
      startLoop(shutdown, `${kind} bot`, (signal) =>
        announceWebhook({ ...loop, url, secretToken: headerSecret }, signal),
      );
    } else startLoop(shutdown, `${kind} bot`, (signal) => pollUpdates({ ...loop, intake }, signal));
  }
  return routes;
}

function setUpBots({ config, useCases, logger }: BackgroundDeps): RunningBot[] {
  const { apiRoot, infoBot, merchantBot } = config.telegram;
  const shared = { apiRoot, logger };
  const running: RunningBot[] = [];
  if (infoBot) {
    const bot = createInfoBot({ ...shared, ...infoBot }, useCases.bots);
    running.push({ kind: 'INFO', config: infoBot, bot, commands: INFO_COMMANDS });
  }
  if (merchantBot) {
    const bot = createMerchantBot({ ...shared, ...merchantBot }, useCases.bots, config.http.publicUrl);
    running.push({ kind: 'MERCHANT', config: merchantBot, bot, commands: MERCHANT_COMMANDS });
  }
  return running;
}

/** Every process derives the same; they change with the bot's token and with the gateway's own key. */
function webhookOf({ secrets }: BackgroundDeps, { kind, config }: RunningBot) {
  return {
    path: `/telegram/${kind.toLowerCase()}/`,
    pathSecret: secrets.derive('TELEGRAM_WEBHOOK_PATH', config.token).secret,
    headerSecret: secrets.derive('TELEGRAM_WEBHOOK_HEADER', config.token).secret,
  };
}

const route = (
  { secrets, logger }: BackgroundDeps,
  intake: UpdateIntake,
  known: { readonly pathSecret: string; readonly headerSecret: string },
): Route => createTelegramRoute({ ...known, intake, secrets, logger });
