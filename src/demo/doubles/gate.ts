/** Lets callers wait for a thing that matches, by event and not by asking again. */
export interface Gate<T> {
  add(item: T): void;
  readonly items: readonly T[];
  /** The first item that matches, now or later. Rejects after `timeoutMilliseconds`. */
  waitFor(matches: (item: T) => boolean, timeoutMilliseconds?: number): Promise<T>;
  /** Tells of every later item. */
  onEach(listener: (item: T) => void): void;
}

export function createGate<T>(what: string): Gate<T> {
  const items: T[] = [];
  const waiting = new Set<(item: T) => void>();
  return {
    items,
    add(item) {
      items.push(item);
      for (const offer of waiting) offer(item);
    },
    onEach(listener) {
      waiting.add(listener);
    },
    waitFor(matches, timeoutMilliseconds = 10_000) {
      const found = items.find(matches);
      if (found !== undefined) return Promise.resolve(found);
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const offer = (item: T) => {
        if (matches(item)) resolve(item);
      };
      const timer = setTimeout(
        () => reject(new Error(`no such ${what} within ${timeoutMilliseconds} ms, ${items.length} others`)),
        timeoutMilliseconds,
      );
      waiting.add(offer);
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(offer);
      });
    },
  };
}
