import pg from 'pg';
import { vi } from 'vitest';

const textOf = (statement: unknown): string =>
  typeof statement === 'string'
    ? statement
    : typeof statement === 'object' &&
        statement !== null &&
        'text' in statement &&
        typeof statement.text === 'string'
      ? statement.text
      : '';

/** The SQL that this process sends while `work` runs and that matches, whoever sends it. */
export async function statementsDuring(matching: RegExp, work: () => Promise<unknown>): Promise<string[]> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return spy.mock.calls.map(([statement]) => textOf(statement)).filter((text) => matching.test(text));
  } finally {
    spy.mockRestore();
  }
}
