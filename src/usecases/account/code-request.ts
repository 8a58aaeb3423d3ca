import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent, type EventData } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { VerificationCodes } from '../ports/verification-codes.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { CODE_LIFETIME_MS } from '../verify-code.ts';

export interface CodeRequestDeps {
  readonly codes: Pick<VerificationCodes, 'createCode'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** A code on its way to where the person says to be reached from now on. */
export interface SentCode {
  readonly target: string;
  readonly expiresAt: Date;
}

const EVENT_OF = {
  EMAIL_CHANGE: 'user.email_change_requested',
  PHONE_CHANGE: 'user.phone_change_requested',
} as const;

/**
 * Sends the code that proves a new address or number. Limited by the person and by the target, so that nobody's
 * mailbox or telephone is flooded by many accounts.
 */
export async function sendCode(
  { codes, limits, ids, clock, feed }: CodeRequestDeps,
  actor: PersonActor,
  code: {
    readonly purpose: keyof typeof EVENT_OF;
    readonly target: string;
    /** How the target is counted: one key, whatever its spelling. */
    readonly targetKey: string;
    readonly data: EventData;
  },
): Promise<Result<SentCode>> {
  const { userId } = actor;
  const { purpose, target, targetKey, data } = code;
  const at = clock.now();
  const own = { account: userId, client: clientOf(actor) };
  const limited =
    (await takeAttempt(limits, 'message', own, at)) ??
    // Counted apart from a person's own mails: a stranger must not use up the password recovery.
    (await takeAttempt(limits, 'message', { account: `${purpose} ${targetKey}` }, at));
  if (limited) return limited;
  const codeId = ids.next();
  const expiresAt = new Date(at.getTime() + CODE_LIFETIME_MS);
  await codes.createCode(
    { id: codeId, userId, purpose, target, at, expiresAt },
    stampEvent(userEvent(EVENT_OF[purpose], userId, { codeId, ...data }), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    }),
  );
  feed.poke();
  return done({ target, expiresAt });
}
