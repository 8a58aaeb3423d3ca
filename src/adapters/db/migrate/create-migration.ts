import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { missingMigration } from './check-migrations.ts';
import {
  LOCK_FILE,
  SCRIPT_FILE,
  projectFolders,
  readMigrations,
  type MigrationFolders,
} from './migration-files.ts';
import { MigrationError } from './migration.errors.ts';

const NAME = /^[a-z][a-z0-9_]*$/;
const LOCK_TEXT =
  '# Says which database the migrations are for. Made by migrate:new; keep it in git.\nprovider = "postgresql"\n';

/**
 * Writes the migration that takes the existing ones to the Prisma schema, and returns its folder's name; undefined
 * when there is nothing to do. `url` is a server with a user who may create databases, used for a shadow database.
 * @throws MigrationError FILES_BROKEN for a name that is not snake_case or for broken files; ENGINE.
 */
export async function createMigration(
  url: string,
  name: string,
  now: Date,
  folders: MigrationFolders = projectFolders,
): Promise<string | undefined> {
  if (!NAME.test(name)) {
    throw new MigrationError(
      'FILES_BROKEN',
      `"${name}" is no name for a migration: use a-z, 0-9 and _, as in add_payout.`,
    );
  }
  mkdirSync(folders.migrations, { recursive: true });
  const lock = path.join(folders.migrations, LOCK_FILE);
  if (!existsSync(lock)) writeFileSync(lock, LOCK_TEXT);

  const sql = await missingMigration(url, folders);
  if (sql === undefined) return undefined;
  const folder = `${timestampAfter(lastMigration(folders.migrations), now)}_${name}`;
  mkdirSync(path.join(folders.migrations, folder));
  writeFileSync(path.join(folders.migrations, folder, SCRIPT_FILE), sql);
  return folder;
}

function lastMigration(folder: string): string {
  return readMigrations(folder).migrationDirectories.at(-1)?.path ?? '';
}

/** YYYYMMDDHHMMSS in UTC, later than the last one even where clocks differ: the names are the order. */
function timestampAfter(last: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const lastStamp = last.slice(0, 14);
  return stamp > lastStamp ? stamp : String(BigInt(lastStamp) + 1n);
}
