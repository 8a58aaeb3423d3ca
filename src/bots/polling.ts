import { setTimeout as wait } from 'node:timers/promises';
import { BotError, GrammyError, type Api, type Bot } from 'grammy';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';
import type { BotKind, TelegramStore } from '../usecases/ports/telegram-store.ts';
import { errorText } from './error-text.ts';

export interface PollingDeps {
  readonly kind: BotKind;
  readonly bot: Bot;
  readonly telegram: Pick<TelegramStore, 'lastUpdate' | 'updateHandled'>;
  readonly lock: LeaderLock;
  readonly logger: Logger;
  /** How long Telegram holds a request without updates. Default 30 s. */
  readonly longPollSeconds?: number;
  /** The wait after the first failure in a row; doubled up to 30 s. Default 1 s. */
  readonly firstBackoffMilliseconds?: number;
}

/** grammY's signal type comes from a ponyfill; the runtime takes the platform's own. */
type ApiSignal = NonNullable<Parameters<Api['getMe']>[0]>;

const MAX_BACKOFF_MILLISECONDS = 30_000;

/**
 * Telegram numbers updates upwards, but begins at a random number after a quiet week. What lies further below the
 * last one than this is therefore a new count and not a repetition.
 */
const REPETITION_WINDOW = 100_000;

/**
 * Reads a bot's updates until the signal aborts, in one process at a time (Telegram answers 409 to a second one).
 * Failures of the Bot API or the database are logged and waited out.
 */
export const pollUpdates = (deps: PollingDeps, signal: AbortSignal): Promise<void> =>
  deps.lock.lead(`telegram:${deps.kind}`, signal, (leading) => pollWhileLeading(deps, leading));

async function pollWhileLeading(deps: PollingDeps, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await readUpdates(deps, signal, () => (failures = 0));
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      deps.logger.warn({ bot: deps.kind, failures, error: errorText(error) }, 'reading bot updates failed');
      await backOff(deps, error, failures, signal);
    }
  }
}

/** Reads from the last handled update on until the signal aborts. Throws on any failure. */
async function readUpdates(deps: PollingDeps, signal: AbortSignal, onSuccess: () => void): Promise<void> {
  const { bot, kind, telegram, longPollSeconds = 30 } = deps;
  const apiSignal = signal as ApiSignal;
  // Telegram gives updates either to a webhook or to a reader.
  await bot.api.deleteWebhook({}, apiSignal);
  bot.botInfo = await bot.api.getMe(apiSignal);
  let last = await telegram.lastUpdate(kind);
  // Without an offset at first: Telegram then gives what it holds, whatever it counts from.
  let offset: number | undefined;
  while (!signal.aborted) {
    const updates = await bot.api.getUpdates(
      { timeout: longPollSeconds, allowed_updates: ['message'], ...(offset === undefined ? {} : { offset }) },
      apiSignal,
    );
    onSuccess();
    for (const update of updates) {
      if (signal.aborted) return;
      const repeated = update.update_id <= last && last - update.update_id < REPETITION_WINDOW;
      if (!repeated) {
        await handle(bot, update);
        last = update.update_id;
        await telegram.updateHandled(kind, last);
      }
      offset = update.update_id + 1;
    }
  }
}

/** A failing feature is told to the bot's error handler and not repeated: it must not stop the updates behind it. */
async function handle(bot: Bot, update: Parameters<Bot['handleUpdate']>[0]): Promise<void> {
  try {
    await bot.handleUpdate(update);
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    await bot.errorHandler(error);
  }
}

async function backOff(
  deps: PollingDeps,
  error: unknown,
  failures: number,
  signal: AbortSignal,
): Promise<void> {
  const { firstBackoffMilliseconds = 1_000 } = deps;
  const asked = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1_000 : 0;
  const backoff = Math.min(firstBackoffMilliseconds * 2 ** (failures - 1), MAX_BACKOFF_MILLISECONDS);
  await wait(Math.max(asked, backoff), undefined, { signal }).catch(() => undefined);
}
