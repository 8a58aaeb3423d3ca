import { setTimeout as wait } from 'node:timers/promises';
import type { Api, Bot } from 'grammy';
import type { BotContext } from '../bot-context.ts';
import { ALLOWED_UPDATES } from '../create-bot.ts';
import { whileLeading, type LeadingDeps } from './leading.ts';

export interface WebhookDeps extends LeadingDeps {
  readonly bot: Bot<BotContext>;
  /** Where Telegram posts the updates; its last part is secret. */
  readonly url: string;
  /** What Telegram sends in `X-Telegram-Bot-Api-Secret-Token`. */
  readonly secretToken: string;
}

/** grammY's signal type comes from a ponyfill; the runtime takes the platform's own. */
type ApiSignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** As long as a timer of Node can be, in milliseconds. */
const LONG_MS = 2 ** 31 - 1;

/** Tells Telegram where to post the updates, whenever a process begins to lead. Ends when the signal aborts. */
export const announceWebhook = (deps: WebhookDeps, signal: AbortSignal): Promise<void> =>
  whileLeading(deps, signal, async (leading) => {
    const { bot, url, secretToken } = deps;
    const how = { secret_token: secretToken, allowed_updates: ALLOWED_UPDATES };
    await bot.api.setWebhook(url, how, leading as ApiSignal);
    while (!leading.aborted) await wait(LONG_MS, undefined, { signal: leading }).catch(() => undefined);
  });
