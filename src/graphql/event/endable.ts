/** A stream by its two functions. Unlike a generator it can be ended while it waits. */
export function endable<T>(
  next: () => Promise<IteratorResult<T, undefined>>,
  end: () => unknown,
): AsyncIterableIterator<T, undefined> {
  const stream: AsyncIterableIterator<T, undefined> = {
    next,
    return: async () => {
      await end();
      return DONE;
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

export const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
