import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../domain/event/event.ts';
import type { PayoutEnd } from '../usecases/refund/refund-carry-out.ts';
import type { RefundSetAside } from '../usecases/refund/refund-set-aside.ts';
import type { EventCursorStore } from '../usecases/ports/event-cursor-store.ts';
import type { EventLog } from '../usecases/ports/event-log.ts';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';
import type { LeftBehind, RefundCourseReads } from '../usecases/ports/refund-course-reads.ts';

/** What follows from events; each goes by what is stored now, and may be done again. */
export interface RefundCourseSteps {
  /** A payment's money is to go back, or is not any more. */
  readonly reboundFollow: (paymentId: string) => Promise<void>;
  readonly refundCarryOut: (refundId: string) => Promise<void>;
  readonly reboundCarryOut: (reboundId: string) => Promise<void>;
  readonly refundEnd: (refundId: string, end: PayoutEnd) => Promise<void>;
  readonly reboundEnd: (reboundId: string, end: PayoutEnd) => Promise<void>;
}

export interface RefundCourseDeps extends RefundCourseSteps {
  readonly log: Pick<EventLog, 'tail'>;
  readonly cursor: EventCursorStore;
  readonly reads: Pick<RefundCourseReads, 'leftBehind'>;
  /** Tells members of links that ran out. */
  readonly claimsExpire: () => Promise<void>;
  /** Tells operators. */
  readonly setAside: RefundSetAside;
  readonly logger: Logger;
}

const LOOK_MILLISECONDS = 250;
const BATCH = 500;
/** How long at most what was set aside waits until it is tried again. */
const LOOK_BACK_MILLISECONDS = 3 * 60_000;
/** A step that fails so often in a row is set aside, so that one fault does not keep everybody's money. */
const MAX_TRIES = 20;

/**
 * Carries refunds and rebounds out (FEATURES G): follows the event log with a cursor of its own, so that nothing is lost
 * when a process dies, makes rebounds and payouts, and ends refunds and rebounds as their payouts end. What was set aside is
 * found in the tables, at the start and every few minutes, and done from there. In one process at a time; two would only
 * do the work twice.
 */
export const createRefundCourse = ({
  leader,
  ...deps
}: RefundCourseDeps & { readonly leader: LeaderLock }) => ({
  run: (signal: AbortSignal): Promise<void> =>
    leader.lead('refund-course', signal, async (leading) => {
      const tries = new Map<string, number>();
      let lookBackAt = 0;
      while (!leading.aborted) {
        if (performance.now() >= lookBackAt) {
          await doLeftBehind(deps);
          await deps
            .claimsExpire()
            .catch((err: unknown) => deps.logger.error({ err }, 'links that ran out could not be told of'));
          lookBackAt = performance.now() + LOOK_BACK_MILLISECONDS;
        }
        const more = await followRefunds(deps, tries).catch((error: unknown) => {
          deps.logger.error({ err: error }, 'refunds could not be followed; trying again');
          return false;
        });
        if (!more) await delay(LOOK_MILLISECONDS, undefined, { signal: leading }).catch(() => undefined);
      }
    }),
});

/** Does what the next events ask for; true when there may be more at once. */
export async function followRefunds(deps: RefundCourseDeps, tries: Map<string, number>): Promise<boolean> {
  const from = await deps.cursor.read();
  const { events } = await deps.log.tail(from, BATCH);
  let done = from;
  let isStuck = false;
  for (const event of events) {
    isStuck = !(await follow(deps, event, tries));
    if (isStuck) break;
    done = event.position;
  }
  if (done !== from) await deps.cursor.move(from, done);
  return !isStuck && events.length === BATCH;
}

/** Does what was set aside, one by one: what fails again waits for the next time, and keeps nothing else. */
export async function doLeftBehind({ reads, logger, ...steps }: RefundCourseDeps): Promise<void> {
  const failed = (err: unknown, of: object): void =>
    logger.error({ err, ...of }, 'a refund or rebound that was left behind could not be carried on');
  let after: string | null = null;
  try {
    for (;;) {
      const batch: readonly LeftBehind[] = await reads.leftBehind(after, BATCH);
      for (const one of batch)
        await carryOn(steps, one).catch((error: unknown) => failed(error, { kind: one.kind, id: one.id }));
      if (batch.length < BATCH) return;
      after = batch.at(-1)?.id ?? null;
    }
  } catch (error) {
    failed(error, {});
  }
}

function carryOn(steps: RefundCourseSteps, one: LeftBehind): Promise<void> {
  if (one.kind === 'PAYMENT') return steps.reboundFollow(one.id);
  const isRefund = one.kind === 'REFUND';
  if (one.end) return (isRefund ? steps.refundEnd : steps.reboundEnd)(one.id, one.end);
  return (isRefund ? steps.refundCarryOut : steps.reboundCarryOut)(one.id);
}

/** False when it is to be tried again, at the next look. */
async function follow(deps: RefundCourseDeps, event: Event, tries: Map<string, number>): Promise<boolean> {
  try {
    await STEPS[event.type]?.(deps, event);
  } catch (error) {
    const failed = (tries.get(event.id) ?? 0) + 1;
    const isSetAside = failed >= MAX_TRIES;
    deps.logger.error(
      { err: error, eventId: event.id, eventType: event.type, failed },
      isSetAside ? 'what an event asks for was set aside' : 'what an event asks for failed; trying again',
    );
    if (!isSetAside) {
      tries.set(event.id, failed);
      return false;
    }
    // What cannot be told either is in the log, and is found in the tables all the same.
    await deps
      .setAside(event, failed)
      .catch((err: unknown) => deps.logger.error({ err, eventId: event.id }, 'operators could not be told'));
  }
  tries.delete(event.id);
  return true;
}

type Step = (steps: RefundCourseSteps, event: Event) => Promise<void>;

const ofPayment: Step = (steps, { data }) => steps.reboundFollow(textIn(data, 'paymentId'));

/** What each type of event asks for; the others ask for nothing. */
const STEPS: Partial<Record<Event['type'], Step>> = {
  'payment.rebound_requested': ofPayment,
  'payment.credited': ofPayment,
  'payment.reversed': ofPayment,
  'deposit.rebound_requested': ofPayment,
  'deposit.credited': ofPayment,
  'deposit.reversed': ofPayment,
  'refund.claimed': (steps, { subject }) => steps.refundCarryOut(subject.id),
  'rebound.withdraw_requested': (steps, { subject }) => steps.reboundCarryOut(subject.id),
  'payout.confirmed': (steps, { data }) => end(steps, data, 'CONFIRMED'),
  'payout.failed': (steps, { data }) => end(steps, data, 'FAILED'),
  'payout.cancelled': (steps, { data }) => end(steps, data, 'CANCELLED'),
  'payout.rejected': (steps, { data }) => end(steps, data, 'REJECTED'),
};

async function end(
  steps: RefundCourseSteps,
  data: Event['data'],
  status: PayoutEnd['status'],
): Promise<void> {
  const text = (field: string): string | null => {
    const value = data[field];
    return typeof value === 'string' ? value : null;
  };
  const how = { status, txId: text('txId'), failure: text('reason') };
  if (data['origin'] === 'REFUND') await steps.refundEnd(textIn(data, 'sourceId'), how);
  if (data['origin'] === 'REBOUND') await steps.reboundEnd(textIn(data, 'sourceId'), how);
}

function textIn(data: Event['data'], field: string): string {
  const value = data[field];
  if (typeof value !== 'string') throw new Error(`an event without ${field}`);
  return value;
}
