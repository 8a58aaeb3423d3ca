const UNIQUE_VIOLATION = '23505';

/** Whether a statement was refused because such a row is there: somebody else was first. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
