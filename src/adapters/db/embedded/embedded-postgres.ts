import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { locateBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { ensureRunning, shutDown } from './postmaster.ts';
import { databaseUrl, ensureDatabase, markInUse } from './server-session.ts';
import { chooseServerUser, giveTo, requireTraversable } from './server-user.ts';
import { withStartLock } from './start-lock.ts';

const DATABASE = 'paybell';
const LOCK_TIMEOUT_MILLISECONDS = 120_000;

export interface EmbeddedPostgresOptions {
  /** A folder for PostgreSQL alone: cluster/, postgres.log, start.lock. Made when missing. */
  readonly dataDir: string;
  /** False only for data nobody would miss, as in tests: a power cut then breaks the cluster. Default true. */
  readonly fsync?: boolean;
  readonly log?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** Address of the database `paybell`, superuser's password included: do not log it. */
  readonly url: string;
  readonly pid: number;
  /** Ends this process's use of the server; the last user's stop ends the server. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL 18 from npm, or joins the server that already runs on the folder (FEATURES: no DATABASE_URL).
 *
 * Starting and stopping happen under one lock, so any number of processes may do so at once and share one server.
 * Each of them holds a session that marks its use; a process that is killed loses the mark but leaves the server,
 * which the next start joins.
 * @throws EmbeddedPostgresError when PostgreSQL is not installed, may not enter a folder, or does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { fsync = true, log = () => undefined } = options;
  const user = chooseServerUser();
  const binaries = locateBinaries(user);
  // Only the folder itself is private: PostgreSQL's user has to pass through those above it.
  mkdirSync(path.dirname(options.dataDir), { recursive: true });
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(options.dataDir);
  requireTraversable(user, [dataDir, binaries.postgres]);
  giveTo(user, dataDir);
  const lockFile = path.join(dataDir, 'start.lock');

  const { cluster, server, mark } = await withStartLock(lockFile, LOCK_TIMEOUT_MILLISECONDS, async () => {
    const cluster = await ensureCluster({ dataDir, initdb: binaries.initdb, user, fsync });
    const server = await ensureRunning({ cluster, postgres: binaries.postgres, dataDir, user, fsync });
    await ensureDatabase(cluster, server.port, DATABASE);
    return { cluster, server, mark: await markInUse(cluster, server.port) };
  });
  log(`PostgreSQL ${server.startedHere ? 'started' : 'joined'} in ${dataDir} (process ${server.pid})`);

  const stopOnce = async (): Promise<void> => {
    await withStartLock(lockFile, LOCK_TIMEOUT_MILLISECONDS, async () => {
      if (await mark.withdraw()) await shutDown(cluster);
    });
  };
  let stopping: Promise<void> | undefined;
  return {
    url: databaseUrl(cluster, server.port, DATABASE),
    pid: server.pid,
    stop: () => (stopping ??= stopOnce()),
  };
}
