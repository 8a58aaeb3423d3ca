import type { AttemptKind } from '../domain/access/attempt-limits.ts';
import type { Actor, Client } from '../domain/access/actor.ts';
import type { AttemptLimits } from './ports/attempt-limits.ts';
import { tooMany, type Result } from './result.ts';

/** Counts an attempt. Null when it may be made, else the refusal RATE_LIMITED. */
export async function takeAttempt(
  limits: AttemptLimits,
  kind: AttemptKind,
  subject: { readonly account?: string; readonly client?: Client | undefined },
  at: Date,
): Promise<Result<never> | null> {
  const { account, client } = subject;
  const seconds = await limits.take(
    kind,
    { ...(account === undefined ? {} : { account }), ...(client ? { address: client.ip } : {}) },
    at,
  );
  return seconds === null ? null : tooMany(seconds);
}

/** Where an actor's request came from, if it is known. */
export const clientOf = (actor: Actor): Client | undefined =>
  actor.type === 'SYSTEM' ? undefined : actor.client;
