import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';

const SQLITE_BUSY = 5;
const RETRY_MILLISECONDS = 25;

/**
 * Runs `work` while no other process runs under the same lock file.
 *
 * The lock is the one that SQLite takes on its file: the operating system holds it and drops it when the process
 * ends, also by kill -9. A lock file with a pid in it would need a guess about whether its owner still lives, and
 * two processes that guess at once can both win.
 * @throws EmbeddedPostgresError when the lock was not free within `timeoutMilliseconds`.
 */
export async function withStartLock<T>(
  file: string,
  timeoutMilliseconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await acquire(file, performance.now() + timeoutMilliseconds);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(file: string, deadline: number): Promise<DatabaseSync> {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    while (!tryLock(lock)) {
      if (performance.now() > deadline) {
        throw new EmbeddedPostgresError(
          `Another process has been starting or stopping PostgreSQL for too long: ${file}`,
        );
      }
      await delay(RETRY_MILLISECONDS);
    }
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
