import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { LeaderLock } from '../../usecases/ports/leader-lock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';

export interface LeaderLockOptions {
  readonly connectionString: string;
  readonly logger: Logger;
  /** How often one who does not lead asks; up to twice as long at random, so that many do not ask at once. */
  readonly retryMilliseconds?: number;
}

const HEARTBEAT_MILLISECONDS = 3000;
const QUERY_TIMEOUT_MILLISECONDS = 5000;

/** A leader on a machine that died without a word is noticed by the server within about eleven seconds. */
const KEEPALIVES =
  'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3';

/**
 * Leadership by a session's advisory lock: the server gives it to one session and takes it back when that ends.
 *
 * A leader may learn late that its session has ended, so what it writes must be fenced as well (the relay: by its
 * cursor row).
 */
export function createLeaderLock({
  connectionString,
  logger,
  retryMilliseconds = 250,
}: LeaderLockOptions): LeaderLock {
  const pause = (signal: AbortSignal): Promise<void> =>
    delay(retryMilliseconds * (1 + Math.random()), undefined, { signal }).catch(() => undefined);

  return {
    lead: async (name, signal, work) => {
      while (!signal.aborted) {
        const session = openSession(connectionString);
        try {
          const leading = await acquire(session, name, signal, pause);
          if (leading) await whileHeld(session, signal, work);
        } catch (fault) {
          // What goes wrong without the lock, or because it was lost, is not the caller's: the next round tries again.
          if (!session.lost.aborted && fault instanceof WorkFault) throw fault.cause;
          logger.warn({ lock: name, err: causeOf(fault) }, 'leadership lost or not reached');
        } finally {
          await session.client.end().catch(() => undefined);
        }
        await pause(signal);
      }
    },
  };
}

interface Session {
  readonly client: pg.Client;
  /** Aborts when the connection is gone, and the lock with it. */
  readonly lost: AbortSignal;
  readonly lose: (reason: unknown) => void;
}

class WorkFault extends Error {
  override readonly name = 'WorkFault';
}

const causeOf = (fault: unknown): unknown => (fault instanceof WorkFault ? fault.cause : fault);

function openSession(connectionString: string): Session {
  const client = new pg.Client({
    connectionString,
    application_name: 'paybell-leader',
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    connectionTimeoutMillis: QUERY_TIMEOUT_MILLISECONDS,
    query_timeout: QUERY_TIMEOUT_MILLISECONDS,
  });
  const loss = new AbortController();
  const lose = (reason: unknown): void => loss.abort(reason);
  client.on('error', lose);
  client.on('end', () => lose(new Error('The connection that holds the lock has ended')));
  return { client, lost: loss.signal, lose };
}

/** True when the lock is held, false when the signal aborted before. Throws when the connection is not to be had. */
async function acquire(
  { client, lost }: Session,
  name: string,
  signal: AbortSignal,
  pause: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  await client.connect();
  await client.query(KEEPALIVES);
  const either = AbortSignal.any([signal, lost]);
  while (!either.aborted) {
    const result = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
      [name],
    );
    if (result.rows[0]?.held === true) return true;
    await pause(either);
  }
  lost.throwIfAborted();
  return false;
}

async function whileHeld(
  { client, lost, lose }: Session,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const speaking = keepSpeaking(client, ended.signal).catch(lose);
  const leading = AbortSignal.any([signal, lost]);
  try {
    await work(leading);
    if (!signal.aborted) lost.throwIfAborted();
  } catch (fault) {
    if (leading.aborted && fault === leading.reason) return;
    throw new WorkFault('The work under the lock failed', { cause: fault });
  } finally {
    ended.abort();
    await speaking;
    // The end of the session would give it back as well, but some time after this side thinks it has ended.
    if (!lost.aborted) await client.query('SELECT pg_advisory_unlock_all()').catch(lose);
  }
}

/** A cut without a word shows itself only to one who speaks. Throws when no answer comes. */
async function keepSpeaking(client: pg.Client, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await client.query('SELECT 1');
    await delay(HEARTBEAT_MILLISECONDS, undefined, { signal: ended }).catch(() => undefined);
  }
}
