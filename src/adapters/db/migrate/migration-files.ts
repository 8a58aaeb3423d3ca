import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type {
  MigrationDirectory,
  MigrationList,
  SchemasContainer,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import { MigrationError } from './migration.errors.ts';

export const LOCK_FILE = 'migration_lock.toml';
export const SCRIPT_FILE = 'migration.sql';
const FOLDER_NAME = /^\d{14}_[a-z0-9_]+$/;

/** Where the Prisma schema (a folder of .prisma files) and the migrations lie. */
export interface MigrationFolders {
  readonly schema: string;
  readonly migrations: string;
}

const prisma = path.resolve(import.meta.dirname, '../../../../prisma');

/** The project's own. */
export const projectFolders: MigrationFolders = {
  schema: path.join(prisma, 'schema'),
  migrations: path.join(prisma, 'migrations'),
};

/** Reads the schema files in the form that the schema engine takes. */
export function readSchema(folder: string): SchemasContainer {
  const names = readdirSync(folder).filter((name) => name.endsWith('.prisma'));
  if (names.length === 0)
    throw new MigrationError('FILES_BROKEN', `There are no .prisma files in ${folder}.`);
  return {
    files: names.toSorted().map((name) => {
      const file = path.join(folder, name);
      return { path: file, content: readFileSync(file, 'utf8') };
    }),
  };
}

/** Reads the migrations, oldest first, without judging them. */
export function readMigrations(folder: string): MigrationList {
  const lock = path.join(folder, LOCK_FILE);
  return {
    baseDir: folder,
    lockfile: { path: LOCK_FILE, content: existsSync(lock) ? readFileSync(lock, 'utf8') : null },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames(folder).map((name) => readMigration(folder, name)),
  };
}

/**
 * Reads the migrations and refuses what git may have left behind.
 * @throws MigrationError FILES_BROKEN for a lock file that is missing or of another database, a folder with an odd
 * name, or a missing or empty script.
 */
export function readSoundMigrations(folder: string): MigrationList {
  const list = readMigrations(folder);
  const faults = list.migrationDirectories.flatMap(migrationFaults);
  if (!/^provider\s*=\s*"postgresql"$/m.test(list.lockfile.content ?? '')) {
    faults.unshift(`${LOCK_FILE} is missing or does not say provider = "postgresql"`);
  }
  if (faults.length > 0) {
    throw new MigrationError('FILES_BROKEN', `The files in ${folder} are broken: ${faults.join('; ')}.`);
  }
  return list;
}

function migrationNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

function readMigration(folder: string, name: string): MigrationDirectory {
  const script = path.join(folder, name, SCRIPT_FILE);
  return {
    path: name,
    migrationFile: {
      path: SCRIPT_FILE,
      content: existsSync(script)
        ? { tag: 'ok', value: readFileSync(script, 'utf8') }
        : { tag: 'error', value: `${script} is missing` },
    },
  };
}

function migrationFaults({ path: name, migrationFile: { content } }: MigrationDirectory): string[] {
  const faults: string[] = [];
  if (!FOLDER_NAME.test(name)) faults.push(`the folder ${name} is not named YYYYMMDDHHMMSS_name`);
  if (content.tag === 'error') faults.push(content.value);
  else if (content.value.trim() === '') faults.push(`${name}/${SCRIPT_FILE} is empty`);
  return faults;
}
