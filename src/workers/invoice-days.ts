import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '../usecases/ports/event-log.ts';
import type { DueDay, InvoiceDayStore } from '../usecases/ports/invoice-day-store.ts';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';

export interface InvoiceDaysDeps {
  readonly log: EventLog;
  readonly store: InvoiceDayStore;
  readonly leader: LeaderLock;
  readonly logger: Logger;
}

const LOOK_MILLISECONDS = 1000;
const BATCH = 1000;
/** Days looked at and days counted in one look. */
const DUE_DAYS = 1000;
const COUNTED_AT_ONCE = 50;
/** The same day is not counted again before so long, nor before so many times what counting it took. */
const PAUSE_MILLISECONDS = 3000;
const PAUSE_OF_COUNTING = 20;

/**
 * Keeps the figures of invoices by day (FEATURES E3): what happens to an invoice marks the day of its creation, and
 * marked days are counted anew. In one process at a time; two would only do the work twice.
 */
export const createInvoiceDays = ({ leader, logger, ...deps }: InvoiceDaysDeps) => ({
  run: (signal: AbortSignal): Promise<void> =>
    leader.lead('invoice-days', signal, async (leading) => {
      const resting = new Map<string, number>();
      while (!leading.aborted) {
        const more = await look(deps, resting, leading).catch((error: unknown) => {
          logger.error({ err: error }, 'invoices could not be counted; trying again');
          return false;
        });
        if (!more) await delay(LOOK_MILLISECONDS, undefined, { signal: leading }).catch(() => undefined);
      }
    }),
});

type Deps = Pick<InvoiceDaysDeps, 'log' | 'store'>;

/** Marks what the next events are about, and counts what may be counted; true when there is more at once. */
async function look(deps: Deps, resting: Map<string, number>, signal: AbortSignal): Promise<boolean> {
  if (await markDays(deps, BATCH)) return true;
  const now = performance.now();
  for (const [key, until] of resting) if (until <= now) resting.delete(key);
  const due = (await deps.store.due(DUE_DAYS)).filter((day) => !resting.has(keyOf(day)));
  for (const day of due.slice(0, COUNTED_AT_ONCE)) {
    if (signal.aborted) return false;
    const begun = performance.now();
    await deps.store.count(day);
    const ended = performance.now();
    resting.set(keyOf(day), ended + Math.max(PAUSE_MILLISECONDS, (ended - begun) * PAUSE_OF_COUNTING));
  }
  return due.length > COUNTED_AT_ONCE;
}

const keyOf = ({ projectId, mode, day }: DueDay): string => `${projectId} ${mode} ${day}`;

/** Reads events, at most `limit`, and marks the days of their invoices; true when there may be more. */
export async function markDays({ log, store }: Deps, limit: number): Promise<boolean> {
  const from = await store.cursor();
  const { events } = await log.tail(from, limit);
  const last = events.at(-1);
  if (!last) return false;
  const invoices = events.flatMap(({ subject }) => (subject.type === 'INVOICE' ? [subject.id] : []));
  await store.mark(from, last.position, [...new Set(invoices)]);
  return events.length === limit;
}
