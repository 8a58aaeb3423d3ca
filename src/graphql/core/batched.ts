/**
 * Reads rows by their keys, all that are asked for at the same time in one operation by one statement: for a field that
 * points from each row of a list to another one. Nothing is kept for later.
 */
export function batched<Context extends object, Row>(
  read: (context: Context, keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): (context: Context, key: string) => Promise<Row | null> {
  const gathering = new WeakMap<Context, { keys: Set<string>; rows: Promise<ReadonlyMap<string, Row>> }>();
  const begin = (context: Context) => {
    const keys = new Set<string>();
    const rows = everybodyAsked().then(async () => {
      gathering.delete(context);
      return new Map((await read(context, [...keys])).map((row) => [keyOf(row), row]));
    });
    const batch = { keys, rows };
    gathering.set(context, batch);
    return batch;
  };
  return async (context, key) => {
    const { keys, rows } = gathering.get(context) ?? begin(context);
    keys.add(key);
    return (await rows).get(key) ?? null;
  };
}

/** Behind the promises that are ready by now: the rows of a list ask one after the other, in promises of their own. */
const everybodyAsked = (): Promise<void> =>
  Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve)));
