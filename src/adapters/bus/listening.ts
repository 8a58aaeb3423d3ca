import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../usecases/ports/logger.ts';

const BACKOFF_MILLISECONDS = { first: 50, longest: 5000 } as const;
const CONNECT_TIMEOUT_MILLISECONDS = 5000;

export interface ListeningOptions {
  readonly connectionString: string;
  /** The channel of LISTEN. */
  readonly channel: string;
  /** Name of the connection in `pg_stat_activity`. */
  readonly application: string;
  /** What is listened for, in the log. */
  readonly subject: string;
  readonly logger: Logger;
  /** Listens again: what was announced meanwhile is not known. */
  readonly onOpen: () => void;
  readonly onNotice: (notice: { readonly payload: string; readonly isOwn: boolean }) => void;
}

export interface Listening {
  /** The connection while there is one. */
  client(): pg.Client | undefined;
  close(): Promise<void>;
}

interface Connection {
  readonly client: pg.Client;
  /** Resolves when the connection is gone. */
  readonly lost: Promise<void>;
}

/** LISTEN on a connection that serves nothing else and is opened again for as long as it takes. */
export function openListening(options: ListeningOptions): Listening {
  const closing = new AbortController();
  let client: pg.Client | undefined;

  const serve = async (): Promise<void> => {
    const current = await connect(options);
    client = current.client;
    options.onOpen();
    await Promise.race([current.lost, aborted(closing.signal)]);
    client = undefined;
    await current.client.end().catch(() => undefined);
  };
  const running = keepUp(serve, closing.signal, options);

  return {
    client: () => (closing.signal.aborted ? undefined : client),
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** Serves again and again; the pause grows while no connection is to be had. */
async function keepUp(
  serve: () => Promise<void>,
  closing: AbortSignal,
  { logger, subject }: Pick<ListeningOptions, 'logger' | 'subject'>,
): Promise<void> {
  let pause: number = BACKOFF_MILLISECONDS.first;
  while (!closing.aborted) {
    try {
      await serve();
      pause = BACKOFF_MILLISECONDS.first;
      if (!closing.aborted) logger.warn({}, `the connection that listens for ${subject} was cut`);
    } catch (err) {
      pause = Math.min(pause * 2, BACKOFF_MILLISECONDS.longest);
      logger.warn({ err, pause }, `no connection to listen for ${subject}`);
    }
    await delay(pause * (0.5 + Math.random() / 2), undefined, { signal: closing }).catch(() => undefined);
  }
}

async function connect({
  connectionString,
  channel,
  application,
  onNotice,
}: ListeningOptions): Promise<Connection> {
  const client = new pg.Client({
    connectionString,
    application_name: application,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
  });
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  try {
    await client.connect();
    // A notice is written to disk like any commit, but nobody needs it after a crash: do not wait for the disk, and
    // hold the readers' horizon back for as short as can be.
    await client.query('SET synchronous_commit = off');
    const result = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const backend = result.rows[0]?.pid ?? 0;
    client.on('notification', ({ processId, payload = '' }) =>
      onNotice({ payload, isOwn: processId === backend }),
    );
    await client.query(`LISTEN ${channel}`);
    return { client, lost };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
