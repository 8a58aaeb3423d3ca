import { setTimeout as wait } from 'node:timers/promises';
import type { Transformer } from 'grammy';

/** grammY's signal type comes from a ponyfill; the runtime takes the platform's own. */
type CallSignal = Parameters<Transformer>[3];

/** Nobody waits longer than this for an answer of the Bot API, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Waiting for a 429 (RULES 15), in milliseconds over all attempts of a call: the chats behind this one wait as well. */
const MOST_WAITING_MS = 3_000;

/**
 * Bounds what a handler's calls may take: an answer has ten seconds, and 429 is waited out for three at most, after
 * which the call fails as it is. `getUpdates` is held by Telegram for its own time, and its caller waits.
 */
export const boundedCalls: Transformer = async (call, method, payload, signal) => {
  if (method === 'getUpdates') return call(method, payload, signal);
  let waited = 0;
  for (;;) {
    const own = AbortSignal.timeout(TIMEOUT_MS);
    const both = signal ? AbortSignal.any([signal as AbortSignal, own]) : own;
    const answer = await call(method, payload, both as CallSignal);
    if (answer.ok || answer.error_code !== 429) return answer;
    const asked = (answer.parameters?.retry_after ?? 1) * 1_000;
    waited += asked;
    if (waited > MOST_WAITING_MS || asked === 0) return answer;
    await wait(asked);
  }
};
