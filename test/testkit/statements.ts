import pg from 'pg';
import { vi } from 'vitest';

const textOf = (statement: unknown): string =>
  typeof statement === 'string'
    ? statement
    : typeof statement === 'object' && statement !== null && 'text' in statement && typeof statement.text === 'string'
      ? statement.text
      : '';

/** The SQL that this process sends while `work` runs and that matches, whoever sends it. */
export async function statementsDuring(matching: RegExp, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const original = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function record(
    this: pg.Client,
    ...args: unknown[]
  ) {
    const text = textOf(args[0]);
    if (matching.test(text)) sent.push(text);
    return Reflect.apply(original, this, args);
  } as typeof original);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return sent;
}
