import { setTimeout as wait } from 'node:timers/promises';
import { answer, refuse, type Answer, type Parameters } from './bot-api-answer.ts';

export interface QueuedUpdate {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

export interface Webhook {
  /** Empty without one. */
  readonly url: string;
  /** What stands in `X-Telegram-Bot-Api-Secret-Token`; null where none was named. */
  readonly secretToken: string | null;
}

/** The updates of one bot, read by long polling or posted to its webhook, as the Bot API describes it. */
export interface UpdateQueue {
  /** Gives the update as it is told. */
  add(update: Readonly<Record<string, object>>): QueuedUpdate;
  readonly webhook: Webhook;
  setWebhook(webhook: Webhook): Answer;
  get(parameters: Parameters, signal: AbortSignal): Promise<Answer>;
  stop(): void;
}

/** Telegram posts again what was not answered with 2xx, after a while. */
const POST_AGAIN_MS = 20;

export function createUpdateQueue(): UpdateQueue {
  let updates: QueuedUpdate[] = [];
  let lastUpdateId = 1_000;
  let webhook: Webhook = { url: '', secretToken: null };
  let poll: { wake(): void; replace(): void } | undefined;
  let posting = Promise.resolve();
  const stopped = new AbortController();

  /** Until an update comes, the time is over, the client is gone or another reader comes. */
  const waitForUpdate = async (seconds: number, signal: AbortSignal): Promise<'woken' | 'replaced'> => {
    const { promise, resolve } = Promise.withResolvers<'woken' | 'replaced'>();
    const current = { wake: () => resolve('woken'), replace: () => resolve('replaced') };
    poll = current;
    const timer = setTimeout(current.wake, seconds * 1_000);
    signal.addEventListener('abort', current.wake, { once: true });
    const ending = await promise;
    clearTimeout(timer);
    if (poll === current) poll = undefined;
    return ending;
  };

  /** One after the other, each until it is taken. */
  const postAll = async (): Promise<void> => {
    while (webhook.url !== '' && updates.length > 0 && !stopped.signal.aborted) {
      const [update] = updates;
      if (update && (await post(webhook, update, stopped.signal))) updates = updates.slice(1);
      else await wait(POST_AGAIN_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const startPosting = (): void => {
    posting = posting.then(postAll);
  };

  return {
    add(told) {
      const update = { update_id: ++lastUpdateId, ...told };
      updates.push(update);
      if (webhook.url === '') poll?.wake();
      else startPosting();
      return update;
    },
    get webhook() {
      return webhook;
    },
    setWebhook(next) {
      webhook = next;
      startPosting();
      return answer(true);
    },
    async get({ offset, timeout, limit }, signal) {
      if (webhook.url !== '')
        return refuse(409, "Conflict: can't use getUpdates method while webhook is active");
      poll?.replace();
      const from = Number(offset ?? 0);
      updates = updates.filter(({ update_id }) => update_id >= from);
      const seconds = Number(timeout ?? 0);
      if (updates.length === 0 && seconds > 0 && (await waitForUpdate(seconds, signal)) === 'replaced')
        return refuse(409, 'Conflict: terminated by other getUpdates request');
      return answer(updates.slice(0, Number(limit ?? 100)));
    },
    stop: () => stopped.abort(),
  };
}

async function post({ url, secretToken }: Webhook, update: object, signal: AbortSignal): Promise<boolean> {
  const token = secretToken === null ? {} : { 'x-telegram-bot-api-secret-token': secretToken };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...token },
      body: JSON.stringify(update),
      signal,
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
