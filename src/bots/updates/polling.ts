import type { Api, Bot } from 'grammy';
import type { BotContext } from '../bot-context.ts';
import { ALLOWED_UPDATES } from '../create-bot.ts';
import { whileLeading, type LeadingDeps } from './leading.ts';
import type { UpdateIntake } from './update-intake.ts';

export interface PollingDeps extends LeadingDeps {
  readonly bot: Bot<BotContext>;
  readonly intake: UpdateIntake;
  /** How long Telegram holds a request without updates. Default 30 s. */
  readonly longPollSeconds?: number;
}

/** grammY's signal type comes from a ponyfill; the runtime takes the platform's own. */
type ApiSignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** Beyond the time for which Telegram holds a request, an answer does not come any more. In seconds. */
const GRACE_SECONDS = 15;

/** Reads a bot's updates until the signal aborts, in one process at a time: Telegram answers 409 to a second one. */
export const pollUpdates = (deps: PollingDeps, signal: AbortSignal): Promise<void> =>
  whileLeading(deps, signal, (leading, succeeded) => readUpdates(deps, leading, succeeded));

/** Reads until the signal aborts. Throws on any failure. */
async function readUpdates(deps: PollingDeps, signal: AbortSignal, succeeded: () => void): Promise<void> {
  const { bot, intake, longPollSeconds = 30 } = deps;
  // Telegram gives updates either to a webhook or to a reader.
  await bot.api.deleteWebhook({}, signal as ApiSignal);
  // Without an offset at first: Telegram then gives what it holds, and what was handled before is claimed.
  let offset: number | undefined;
  while (!signal.aborted) {
    const late = AbortSignal.timeout((longPollSeconds + GRACE_SECONDS) * 1_000);
    const updates = await bot.api.getUpdates(
      {
        timeout: longPollSeconds,
        allowed_updates: ALLOWED_UPDATES,
        ...(offset === undefined ? {} : { offset }),
      },
      AbortSignal.any([signal, late]) as ApiSignal,
    );
    succeeded();
    // Asking for the next ones tells Telegram to forget these: not before they are claimed.
    for (const update of updates) {
      await intake.accept(update);
      offset = update.update_id + 1;
    }
    if (intake.isFull()) await intake.idle();
  }
}
