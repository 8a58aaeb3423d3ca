import { projectFolders, readSchema, readSoundMigrations, type MigrationFolders } from './migration-files.ts';
import { requireUpToDate } from './migration-history.ts';
import { noFilters, withSchemaEngine } from './schema-engine.ts';

/**
 * Compares the Prisma schema with the migrations, applied to a shadow database on the server of `url`, whose user
 * must be allowed to create databases. Returns the SQL that a new migration would need; undefined means no drift.
 * @throws MigrationError FILES_BROKEN, or ENGINE when the schema or a migration does not hold.
 */
export async function missingMigration(
  url: string,
  folders: MigrationFolders = projectFolders,
): Promise<string | undefined> {
  const migrations = readSoundMigrations(folders.migrations);
  return withSchemaEngine(url, folders, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrations },
      to: { tag: 'schemaDatamodel', ...readSchema(folders.schema) },
      script: true,
      exitCode: true,
      filters: noFilters,
    });
    return exitCode === 0 ? undefined : (stdout ?? '');
  });
}

/**
 * Checks that what was applied to the database is what the files say, all of it. Changes nothing.
 * @throws MigrationError HISTORY_EDITED, HISTORY_MISSING, MIGRATION_FAILED, DATABASE_BEHIND or FILES_BROKEN.
 */
export async function checkHistory(url: string, folders: MigrationFolders = projectFolders): Promise<void> {
  const migrations = readSoundMigrations(folders.migrations);
  await withSchemaEngine(url, folders, (engine) => requireUpToDate(engine, migrations));
}
