import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import { choosePort } from './port.ts';
import { isAlive, readLivePostmaster, removeStrangersPostmasterFile } from './postmaster-file.ts';
import { answers } from './server-session.ts';
import type { ServerUser } from './server-user.ts';

const MAX_CONNECTIONS = 200;
const START_TIMEOUT_MILLISECONDS = 60_000;
const RETRY_MILLISECONDS = 15_000;
const POLL_MILLISECONDS = 20;

export interface PostmasterOptions {
  readonly cluster: Cluster;
  readonly postgres: string;
  readonly dataDir: string;
  readonly user: ServerUser | undefined;
  readonly fsync: boolean;
}

/** A server that answers. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** False when it was found running: another process uses it, or one that was killed left it. */
  readonly startedHere: boolean;
}

/**
 * Finds the cluster's server or starts one, and waits until it answers. Call it under the start lock.
 * @throws EmbeddedPostgresError with the end of the server's log when it does not come up.
 */
export async function ensureRunning(options: PostmasterOptions): Promise<RunningServer> {
  const begun = performance.now();
  const deadline = begun + START_TIMEOUT_MILLISECONDS;
  // Tried again, since a first try may meet what passes by itself: sessions of a killed server that still hold its
  // memory, a port taken in that moment, or a server on its way whose starter was killed.
  do {
    const found = await awaitServer(options.cluster, deadline);
    if (found) return { ...found, startedHere: false };
    removeStrangersPostmasterFile(options.cluster.folder);
    const child = await spawnServer(options);
    const server = await awaitServer(options.cluster, deadline, child);
    if (server) return { ...server, startedHere: server.pid === child };
    await delay(POLL_MILLISECONDS);
  } while (performance.now() < begun + RETRY_MILLISECONDS);
  throw new EmbeddedPostgresError(
    `PostgreSQL did not start in ${options.dataDir}. Its log ends:\n${logTail(options)}`,
  );
}

/** Waits while a server is there but does not answer yet; undefined when there is none, or it went away. */
async function awaitServer(
  cluster: Cluster,
  deadline: number,
  starting?: number,
): Promise<{ pid: number; port: number } | undefined> {
  while (performance.now() < deadline) {
    const file = readLivePostmaster(cluster.folder);
    if (!file && !(starting !== undefined && isAlive(starting))) return undefined;
    if (file?.port && (await answers(cluster, file.port))) return { pid: file.pid, port: file.port };
    await delay(POLL_MILLISECONDS);
  }
  throw new EmbeddedPostgresError(`PostgreSQL in ${cluster.folder} is running but does not answer.`);
}

async function spawnServer(options: PostmasterOptions): Promise<number> {
  const settings = [
    `port=${await choosePort(options.dataDir)}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${MAX_CONNECTIONS}`,
    'shared_buffers=128MB',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(options.fsync ? [] : ['fsync=off', 'full_page_writes=off']),
  ];
  const log = openSync(logFile(options), 'a', 0o600);
  const identity = options.user ? { uid: options.user.uid, gid: options.user.gid } : {};
  // Detached: Ctrl-C in a terminal goes to the whole group, and others may be using the server.
  const child = spawn(
    options.postgres,
    ['-D', options.cluster.folder, ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, cwd: '/', env: {}, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new EmbeddedPostgresError(`Cannot run ${options.postgres}: ${cause.message}`, { cause }));
    });
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

/** Fast shutdown: sessions are ended, everything is written. Returns when the process is gone. */
export async function shutDown(cluster: Cluster): Promise<void> {
  const pid = readLivePostmaster(cluster.folder)?.pid;
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  while (readLivePostmaster(cluster.folder)?.pid === pid) await delay(POLL_MILLISECONDS);
}

function logFile(options: PostmasterOptions): string {
  return path.join(options.dataDir, 'postgres.log');
}

function logTail(options: PostmasterOptions): string {
  return readFileSync(logFile(options), 'utf8').split('\n').slice(-15).join('\n');
}
