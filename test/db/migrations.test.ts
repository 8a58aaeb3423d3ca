import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkHistory, missingMigration } from '../../src/adapters/db/migrate/check-migrations.ts';
import { createMigration } from '../../src/adapters/db/migrate/create-migration.ts';
import { deployMigrations } from '../../src/adapters/db/migrate/deploy-migrations.ts';
import {
  projectFolders,
  readMigrations,
  type MigrationFolders,
} from '../../src/adapters/db/migrate/migration-files.ts';
import { createEmptyDatabase, type TestDatabase } from '../testkit/database.ts';

const names = readMigrations(projectFolders.migrations).migrationDirectories.map(
  (directory) => directory.path,
);
const noon = new Date('2030-01-02T12:00:00Z');
let db: TestDatabase;
let copy: string;
/** A copy of the project's schema and migrations, to be spoilt. */
let folders: MigrationFolders;

beforeEach(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'paybell-migrations-'));
  folders = { schema: path.join(copy, 'schema'), migrations: path.join(copy, 'migrations') };
  await cp(projectFolders.schema, folders.schema, { recursive: true });
  await cp(projectFolders.migrations, folders.migrations, { recursive: true });
  db = await createEmptyDatabase();
});
afterEach(async () => {
  await db.drop();
  await rm(copy, { recursive: true });
});

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folders.migrations, name));
  await writeFile(path.join(folders.migrations, name, 'migration.sql'), sql);
}

async function applied(): Promise<string[]> {
  const found = await db.pool.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at',
  );
  return found.rows.map((row) => row.migration_name);
}

describe('deploy', () => {
  test('applies all, then nothing', async () => {
    expect(await deployMigrations(db.url, folders)).toEqual(names);
    expect(await deployMigrations(db.url, folders)).toEqual([]);
    expect(await applied()).toEqual(names);
  });

  test('three at once: one applies, the others find nothing to do', async () => {
    const results = await Promise.all([1, 2, 3].map(() => deployMigrations(db.url, folders)));
    expect(results.toSorted((a, b) => b.length - a.length)).toEqual([names, [], []]);
    expect(await applied()).toEqual(names);
  });

  test('refuses a migration that was edited after it was applied', async () => {
    await deployMigrations(db.url, folders);
    const edited = names[0] ?? '';
    await appendFile(
      path.join(folders.migrations, edited, 'migration.sql'),
      '\nCREATE TABLE later (id int);\n',
    );
    await addMigration('20300101000000_next', 'CREATE TABLE next (id int);');
    await expect(deployMigrations(db.url, folders)).rejects.toMatchObject({
      code: 'HISTORY_EDITED',
      migrations: [edited],
    });
    await expect(checkHistory(db.url, folders)).rejects.toMatchObject({ code: 'HISTORY_EDITED' });
    expect(await applied()).toEqual(names);
  });

  test('refuses a database that has a migration this code does not know', async () => {
    await addMigration('20300101000000_newer', 'CREATE TABLE newer (id int);');
    await deployMigrations(db.url, folders);
    await expect(deployMigrations(db.url)).rejects.toMatchObject({
      code: 'HISTORY_MISSING',
      migrations: ['20300101000000_newer'],
    });
  });

  test('undoes a script that fails as a whole, and refuses to go on until someone looked', async () => {
    await addMigration('20300101000000_bad', 'CREATE TABLE half (id int); SELECT 1/0;');
    await expect(deployMigrations(db.url, folders)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    const half = await db.pool.query(`SELECT to_regclass('half') AS name`);
    expect(half.rows).toEqual([{ name: null }]);
    await addMigration('20300101000001_next', 'CREATE TABLE next (id int);');
    await expect(deployMigrations(db.url, folders)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      migrations: ['20300101000000_bad'],
    });
  });

  test.each([
    ['a missing lock file', () => rm(path.join(folders.migrations, 'migration_lock.toml'))],
    [
      'a lock file with conflict marks',
      () => writeFile(path.join(folders.migrations, 'migration_lock.toml'), '<<<<'),
    ],
    ['a folder without a script', () => mkdir(path.join(folders.migrations, '20300101000000_empty'))],
    ['a folder with an odd name', () => addMigration('later', 'SELECT 1;')],
  ])('refuses %s before it touches the database', async (_name, spoil) => {
    await spoil();
    await expect(deployMigrations(db.url, folders)).rejects.toMatchObject({ code: 'FILES_BROKEN' });
    const table = await db.pool.query(`SELECT to_regclass('_prisma_migrations') AS name`);
    expect(table.rows).toEqual([{ name: null }]);
  });
});

describe('drift', () => {
  test('the project has none: its migrations give what its schema says', async () => {
    expect(await missingMigration(db.url)).toBeUndefined();
  });

  test('a changed schema asks for a migration; written, there is none, and it applies', async () => {
    await writeFile(
      path.join(folders.schema, 'note.prisma'),
      'model Note {\n  id Int @id\n  @@map("note")\n}\n',
    );
    expect(await missingMigration(db.url, folders)).toContain('CREATE TABLE "note"');
    expect(await createMigration(db.url, 'add_note', noon, folders)).toBe('20300102120000_add_note');
    expect(await missingMigration(db.url, folders)).toBeUndefined();
    expect(await createMigration(db.url, 'again', noon, folders)).toBeUndefined();
    expect(await deployMigrations(db.url, folders)).toEqual([...names, '20300102120000_add_note']);
  });

  test('a new migration comes after the last one even where the clock is behind', async () => {
    await addMigration('20990101000000_ahead', 'SELECT 1;');
    await writeFile(
      path.join(folders.schema, 'note.prisma'),
      'model Note {\n  id Int @id\n  @@map("note")\n}\n',
    );
    expect(await createMigration(db.url, 'add_note', noon, folders)).toBe('20990101000001_add_note');
  });

  test('leaves no shadow database and no session behind', async () => {
    await missingMigration(db.url, folders);
    const left = await db.pool.query(`SELECT datname FROM pg_database WHERE datname LIKE 'paybell_shadow_%'`);
    expect(left.rows).toEqual([]);
    const sessions = await db.pool.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    expect(sessions.rows).toEqual([]);
  });

  test('a name that is no folder name is refused', async () => {
    await expect(createMigration(db.url, '../evil', noon, folders)).rejects.toMatchObject({
      code: 'FILES_BROKEN',
    });
  });
});
