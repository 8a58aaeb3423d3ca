import { setTimeout as wait } from 'node:timers/promises';
import { GrammyError } from 'grammy';
import type { LeaderLock } from '../../usecases/ports/leader-lock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { BotKind } from '../../usecases/ports/telegram-store.ts';
import { errorText } from '../error-text.ts';

export interface LeadingDeps {
  readonly kind: BotKind;
  readonly lock: LeaderLock;
  readonly logger: Logger;
  /** Done once by whoever begins to lead, beside the work; what it fails at is only logged. */
  readonly onLead?: (signal: AbortSignal) => Promise<void>;
  /** The wait after the first failure in a row; doubled up to 30 s. Default 1 s. */
  readonly firstBackoffMilliseconds?: number;
}

/** What one process does for a bot while it leads. `succeeded` begins the count of its failures anew. */
export type LeadersWork = (signal: AbortSignal, succeeded: () => void) => Promise<void>;

const MAX_BACKOFF_MILLISECONDS = 30_000;

/**
 * Does the work in one process at a time until the signal aborts. Its failures, of the Bot API or the database, are
 * logged and waited out.
 */
export const whileLeading = (deps: LeadingDeps, signal: AbortSignal, work: LeadersWork): Promise<void> =>
  deps.lock.lead(`telegram:${deps.kind}`, signal, async (leading) => {
    await Promise.all([prepare(deps, leading), retrying(deps, leading, work)]);
  });

async function prepare({ kind, logger, onLead }: LeadingDeps, signal: AbortSignal): Promise<void> {
  try {
    await onLead?.(signal);
  } catch (error) {
    if (!signal.aborted) logger.warn({ bot: kind, error: errorText(error) }, 'preparing the bot failed');
  }
}

async function retrying(deps: LeadingDeps, signal: AbortSignal, work: LeadersWork): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      return await work(signal, () => (failures = 0));
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      deps.logger.warn({ bot: deps.kind, failures, error: errorText(error) }, 'reading bot updates failed');
      await backOff(deps, error, failures, signal);
    }
  }
}

async function backOff(
  { firstBackoffMilliseconds = 1_000 }: LeadingDeps,
  error: unknown,
  failures: number,
  signal: AbortSignal,
): Promise<void> {
  const asked = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1_000 : 0;
  const backoff = Math.min(firstBackoffMilliseconds * 2 ** (failures - 1), MAX_BACKOFF_MILLISECONDS);
  await wait(Math.max(asked, backoff), undefined, { signal }).catch(() => undefined);
}
