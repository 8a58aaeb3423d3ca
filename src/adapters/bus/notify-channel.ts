import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../usecases/ports/logger.ts';

const CHANNEL = 'paybell_event';
/** At most 200 a second: each one takes a server-wide lock and a transaction number. */
const NOTIFY_GAP_MILLISECONDS = 5;
const BACKOFF_MILLISECONDS = { first: 50, longest: 5000 } as const;
const CONNECT_TIMEOUT_MILLISECONDS = 5000;

export interface NotifyChannelOptions {
  readonly connectionString: string;
  readonly logger: Logger;
  /** Another process has committed events, or may have while nobody listened. */
  readonly onNotice: () => void;
}

export interface NotifyChannel {
  /** Tells the other processes, soon and together with what else is announced meanwhile. Never throws. */
  announce(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly client: pg.Client;
  /** Resolves when the connection is gone. */
  readonly lost: Promise<void>;
}

/**
 * LISTEN and NOTIFY between the processes on one PostgreSQL, on one connection that serves nothing else and is opened
 * again for as long as it takes. It only makes readers look sooner: whatever it loses, they find when they poll.
 */
export function openNotifyChannel({
  connectionString,
  logger,
  onNotice,
}: NotifyChannelOptions): NotifyChannel {
  const closing = new AbortController();
  let connection: Connection | undefined;
  let announced = false;
  let sending = false;

  const due = () => (announced && !closing.signal.aborted ? connection : undefined);
  const send = async (): Promise<void> => {
    sending = true;
    for (let current = due(); current !== undefined; current = due()) {
      announced = false;
      // A notice that is lost with the connection is given again by the next one.
      await current.client.query(`NOTIFY ${CHANNEL}`).catch(() => (announced = true));
      await delay(NOTIFY_GAP_MILLISECONDS);
    }
    sending = false;
  };
  const sendSoon = (): void => {
    if (!sending) void send();
  };

  const serve = async (): Promise<void> => {
    const current = await connect(connectionString, onNotice);
    connection = current;
    onNotice();
    sendSoon();
    await Promise.race([current.lost, aborted(closing.signal)]);
    connection = undefined;
    await current.client.end().catch(() => undefined);
  };
  const running = keepUp(serve, closing.signal, logger);

  return {
    announce: () => {
      announced = true;
      sendSoon();
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** Serves again and again; the pause grows while no connection is to be had. */
async function keepUp(serve: () => Promise<void>, closing: AbortSignal, logger: Logger): Promise<void> {
  let pause: number = BACKOFF_MILLISECONDS.first;
  while (!closing.aborted) {
    try {
      await serve();
      pause = BACKOFF_MILLISECONDS.first;
      if (!closing.aborted) logger.warn({}, 'the connection that listens for events was cut');
    } catch (err) {
      pause = Math.min(pause * 2, BACKOFF_MILLISECONDS.longest);
      logger.warn({ err, pause }, 'no connection to listen for events');
    }
    await delay(pause * (0.5 + Math.random() / 2), undefined, { signal: closing }).catch(() => undefined);
  }
}

async function connect(connectionString: string, onNotice: () => void): Promise<Connection> {
  const client = new pg.Client({
    connectionString,
    application_name: 'paybell-bus',
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
    // This process has looked by itself when it announced.
    client.on('notification', ({ processId }) => {
      if (processId !== backend) onNotice();
    });
    await client.query(`LISTEN ${CHANNEL}`);
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
