import { Overloaded } from '../../domain/access/overloaded.ts';

/** Runs the work when its turn comes. Throws Overloaded when too many wait. */
export type BoundedLine = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets `atOnce` run and `waiting` more wait, in the order they came. */
export function createBoundedLine(
  what: string,
  { atOnce, waiting }: { readonly atOnce: number; readonly waiting: number },
): BoundedLine {
  let running = 0;
  const line: (() => void)[] = [];
  return async (work) => {
    if (running < atOnce) running += 1;
    else {
      if (line.length >= waiting) throw new Overloaded(what);
      // Whoever leaves hands the place over, so `running` does not change.
      await new Promise<void>((resolve) => line.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
