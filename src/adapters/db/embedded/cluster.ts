import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import { giveTo, type ServerUser } from './server-user.ts';

export const SUPERUSER = 'paybell';
const SUPPORTED_VERSION = '18';
const PASSWORD_FILE = 'paybell.password';
const INIT_PREFIX = 'init-';
const run = promisify(execFile);

/** What initdb made: the folder PostgreSQL calls its data directory, and the superuser's password. */
export interface Cluster {
  readonly folder: string;
  readonly password: string;
}

export interface InitOptions {
  readonly dataDir: string;
  readonly initdb: string;
  readonly user: ServerUser | undefined;
  readonly fsync: boolean;
}

/**
 * Returns the cluster in `dataDir`, made first when there is none. Call it under the start lock.
 * initdb works in a folder beside, which one rename puts in place: a killed start leaves a whole cluster or none.
 * @throws EmbeddedPostgresError when initdb fails or the cluster is of another major version.
 */
export async function ensureCluster(options: InitOptions): Promise<Cluster> {
  const folder = path.join(options.dataDir, 'cluster');
  await removeLeftovers(options.dataDir);
  if (!existsSync(folder)) await initialise(options, folder);
  const version = readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version !== SUPPORTED_VERSION) {
    throw new EmbeddedPostgresError(
      `${folder} was made by PostgreSQL ${version}, this is ${SUPPORTED_VERSION}. Dump it with the old version and load it into a new folder.`,
    );
  }
  return { folder, password: readFileSync(path.join(folder, PASSWORD_FILE), 'utf8').trim() };
}

/**
 * Under the start lock nobody else is initialising, so whatever lies there was left by a killed process. Its initdb
 * may still be writing for a moment; what cannot be removed now is in nobody's way and goes with the next start.
 */
async function removeLeftovers(dataDir: string): Promise<void> {
  const names = readdirSync(dataDir).filter((name) => name.startsWith(INIT_PREFIX));
  await Promise.allSettled(names.map((name) => removeFolder(path.join(dataDir, name))));
}

function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function initialise(options: InitOptions, folder: string): Promise<void> {
  const workFolder = mkdtempSync(path.join(options.dataDir, INIT_PREFIX));
  giveTo(options.user, workFolder);
  const passwordFile = path.join(workFolder, 'password');
  writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  giveTo(options.user, passwordFile);
  const made = path.join(workFolder, 'cluster');
  await runInitdb(options, made, passwordFile);
  renameSync(passwordFile, path.join(made, PASSWORD_FILE));
  renameSync(made, folder);
  if (options.fsync) syncFolder(options.dataDir);
  await removeFolder(workFolder);
}

async function runInitdb(options: InitOptions, made: string, passwordFile: string): Promise<void> {
  // A password, not "trust": the port is open to every user of the machine.
  // The builtin locale sorts alike on every machine, so that indexes outlive a new libc.
  const args = ['-D', made, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  args.push('-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions');
  if (!options.fsync) args.push('--no-sync');
  const identity = options.user ? { uid: options.user.uid, gid: options.user.gid } : {};
  try {
    await run(options.initdb, args, { ...identity, cwd: '/', env: {} });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(`initdb failed for ${options.dataDir}: ${reason}`, { cause });
  }
}

/** Makes the rename itself survive a power cut. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
