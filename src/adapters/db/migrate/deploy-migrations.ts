import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { projectFolders, readSoundMigrations, type MigrationFolders } from './migration-files.ts';
import { failedMigrations, requireSoundHistory } from './migration-history.ts';
import { MigrationError } from './migration.errors.ts';
import { engineMessage, noFilters, withSchemaEngine } from './schema-engine.ts';

/** Any fixed number, apart from Prisma's own 72707369. */
const DEPLOY_LOCK = 7_295_236;

/**
 * Applies the migrations that the database does not have yet and returns their names. Each runs as one transaction.
 * Any number of deploys may run at once: one applies, the others wait and then find nothing to do.
 * @throws MigrationError, before anything is changed, for broken files and for applied migrations that failed, were
 * edited or are missing here; MIGRATION_FAILED when PostgreSQL refuses a script, which is then undone as a whole.
 */
export async function deployMigrations(
  url: string,
  folders: MigrationFolders = projectFolders,
): Promise<string[]> {
  const migrationsList = readSoundMigrations(folders.migrations);
  return withDeployLock(url, () =>
    withSchemaEngine(url, folders, async (engine) => {
      await requireSoundHistory(engine, migrationsList);
      return apply(engine, migrationsList);
    }),
  );
}

async function apply(engine: SchemaEngine, migrationsList: MigrationList): Promise<string[]> {
  try {
    return (await engine.applyMigrations({ migrationsList, filters: noFilters })).appliedMigrationNames;
  } catch (cause) {
    const failed = await failedMigrations(engine, migrationsList);
    if (failed.length === 0) throw cause;
    const text = `The migration ${failed.join(', ')} failed, and what it did was undone: ${engineMessage(cause)}`;
    throw new MigrationError('MIGRATION_FAILED', text, failed, { cause });
  }
}

/** The engine's own lock gives up after ten seconds and does not cover the look at the history before it. */
async function withDeployLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'paybell-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [DEPLOY_LOCK]);
    return await work();
  } finally {
    await client.end();
  }
}
