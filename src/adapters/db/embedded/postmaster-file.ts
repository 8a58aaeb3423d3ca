import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What a running server says of itself in postmaster.pid. */
export interface PostmasterFile {
  readonly pid: number;
  /** Undefined while the server is still coming up. */
  readonly port: number | undefined;
}

/** Reads postmaster.pid; undefined when there is none, or the server that wrote it is gone. */
export function readLivePostmaster(cluster: string): PostmasterFile | undefined {
  const lines = readLines(path.join(cluster, 'postmaster.pid'));
  const pid = Number(lines?.[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isPostmasterOf(cluster, pid)) return undefined;
  const port = Number(lines?.[3]);
  return { pid, port: Number.isInteger(port) && port > 0 ? port : undefined };
}

/**
 * Removes the file of a killed server whose number was given to another process meanwhile, as happens where containers
 * restart and count from one again. Every other stale file PostgreSQL removes itself, and it must be left to it: a
 * server whose starter was killed may write its own at this very moment. Call it under the start lock.
 */
export function removeStrangersPostmasterFile(cluster: string): void {
  const pid = Number(readLines(path.join(cluster, 'postmaster.pid'))?.[0]);
  const isStrangers = Number.isInteger(pid) && pid > 0 && isAlive(pid) && !isPostmasterOf(cluster, pid);
  if (isStrangers) rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
}

function readLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

/** Whether a process of this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A number may since have gone to another program; the server names its cluster in its arguments. */
function isPostmasterOf(cluster: string, pid: number): boolean {
  if (!isAlive(pid)) return false;
  const args = processArguments(pid);
  return args === undefined || args.includes(cluster);
}

/** Undefined when this machine does not tell. A process that ended but was not collected yet has none. */
function processArguments(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
