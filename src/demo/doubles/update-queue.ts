import { answer, refuse, type Answer, type Parameters } from './bot-api-answer.ts';

/** The updates of one bot, read by long polling as the Bot API describes it. */
export interface UpdateQueue {
  add(message: object): void;
  setWebhook(url: string): Answer;
  get(parameters: Parameters, signal: AbortSignal): Promise<Answer>;
}

export function createUpdateQueue(): UpdateQueue {
  let updates: { readonly update_id: number; readonly message: object }[] = [];
  let lastUpdateId = 1_000;
  let webhook = '';
  let poll: { wake(): void; replace(): void } | undefined;

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

  return {
    add(message) {
      updates.push({ update_id: ++lastUpdateId, message });
      poll?.wake();
    },
    setWebhook(url) {
      webhook = url;
      return answer(true);
    },
    async get({ offset, timeout, limit }, signal) {
      if (webhook !== '') return refuse(409, "Conflict: can't use getUpdates method while webhook is active");
      poll?.replace();
      const from = Number(offset ?? 0);
      updates = updates.filter(({ update_id }) => update_id >= from);
      const seconds = Number(timeout ?? 0);
      if (updates.length === 0 && seconds > 0 && (await waitForUpdate(seconds, signal)) === 'replaced')
        return refuse(409, 'Conflict: terminated by other getUpdates request');
      return answer(updates.slice(0, Number(limit ?? 100)));
    },
  };
}
