import { DONE, endable } from './endable.ts';

/**
 * The newest of what the source gives, at most once in `gapMs` milliseconds: what comes meanwhile is passed over, but
 * never the last one. The source is read as fast as it goes. Returning ends a wait at once.
 */
export function latest<T>(source: AsyncIterableIterator<T>, gapMs: number): AsyncIterableIterator<T> {
  let newest: { readonly item: T } | null = null;
  let over: { readonly error?: unknown } | null = null;
  let reading: Promise<void> | null = null;
  let notBefore = -Infinity;
  let rise: () => void = () => undefined;

  const read = async (): Promise<void> => {
    try {
      for await (const item of source) {
        newest = { item };
        rise();
      }
      over ??= {};
    } catch (error) {
      over ??= { error };
    }
    rise();
  };
  /** Until the next piece of news, or so many milliseconds. */
  const news = (milliseconds?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      rise = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const next = async (): Promise<IteratorResult<T, undefined>> => {
    reading ??= read();
    for (;;) {
      const early = notBefore - performance.now();
      if (newest !== null && (early <= 0 || over !== null)) {
        const { item } = newest;
        newest = null;
        notBefore = performance.now() + gapMs;
        return { done: false, value: item };
      }
      if (over !== null) {
        if ('error' in over) throw over.error;
        return DONE;
      }
      await (newest === null ? news() : news(early));
    }
  };
  return endable(next, () => {
    over = {};
    newest = null;
    rise();
    return source.return?.();
  });
}
