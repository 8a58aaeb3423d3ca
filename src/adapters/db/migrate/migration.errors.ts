export type MigrationErrorCode =
  | 'HISTORY_EDITED'
  | 'HISTORY_MISSING'
  | 'MIGRATION_FAILED'
  | 'DATABASE_BEHIND'
  | 'FILES_BROKEN'
  | 'ENGINE';

/** Why migrations were refused; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;
  /** The migrations in question, by folder name. */
  readonly migrations: readonly string[];

  constructor(
    code: MigrationErrorCode,
    message: string,
    migrations: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.migrations = migrations;
  }
}
