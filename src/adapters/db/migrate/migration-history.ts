import type {
  DiagnoseMigrationHistoryOutput,
  MigrationList,
  SchemaEngine,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import { MigrationError, type MigrationErrorCode } from './migration.errors.ts';
import { noFilters } from './schema-engine.ts';

/**
 * Compares what the database says was applied with the files.
 * @throws MigrationError MIGRATION_FAILED, HISTORY_EDITED or HISTORY_MISSING, in this order.
 */
export async function requireSoundHistory(
  engine: SchemaEngine,
  migrationsList: MigrationList,
): Promise<void> {
  const found = await diagnose(engine, migrationsList);
  refuse(
    'MIGRATION_FAILED',
    found.failedMigrationNames,
    'failed when they were applied. See column logs of table _prisma_migrations; repair the database, then set rolled_back_at (it is applied again) or finished_at (it counts as applied) there',
  );
  refuse(
    'HISTORY_EDITED',
    found.editedMigrationNames,
    'were edited after they had been applied. Put the old text back and write a new migration instead',
  );
  refuse(
    'HISTORY_MISSING',
    found.history && 'unpersistedMigrationNames' in found.history
      ? found.history.unpersistedMigrationNames
      : [],
    'were applied to this database but have no file here. This code may be older than the database',
  );
}

/**
 * As `requireSoundHistory`, and nothing is left to apply.
 * @throws MigrationError DATABASE_BEHIND as well.
 */
export async function requireUpToDate(engine: SchemaEngine, migrationsList: MigrationList): Promise<void> {
  await requireSoundHistory(engine, migrationsList);
  const { history } = await diagnose(engine, migrationsList);
  refuse(
    'DATABASE_BEHIND',
    history && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [],
    'are not applied to this database. Run npm run migrate:deploy first',
  );
}

/** The migrations that began on this database and did not end. */
export async function failedMigrations(
  engine: SchemaEngine,
  migrationsList: MigrationList,
): Promise<string[]> {
  return (await diagnose(engine, migrationsList)).failedMigrationNames;
}

function diagnose(
  engine: SchemaEngine,
  migrationsList: MigrationList,
): Promise<DiagnoseMigrationHistoryOutput> {
  return engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: noFilters,
  });
}

function refuse(code: MigrationErrorCode, names: readonly string[], fault: string): void {
  if (names.length === 0) return;
  throw new MigrationError(code, `These migrations ${fault}: ${names.join(', ')}.`, names);
}
