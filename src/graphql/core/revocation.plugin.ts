import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestFacts } from './context.ts';
import { forbidden } from './errors.ts';

/** Ends a stream with FORBIDDEN as soon as the caller's rights are gone, also one on which nothing happens. */
export function useRevocation(): Plugin<Pick<RequestFacts, 'revoked'>> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        const { revoked } = args.contextValue;
        if (revoked && Symbol.asyncIterator in result) setResult(endedBy(revoked, result));
      },
    }),
  };
}

const DONE = { done: true, value: undefined } as const;

/** Not by Promise.race: each race with the one signal would stay in memory for as long as the stream lasts. */
function endedBy(
  revoked: AbortSignal,
  stream: AsyncIterable<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const source = stream[Symbol.asyncIterator]();
  let over = false;
  /** Answers the reader that waits; null while it is busy with what it got. */
  let settle: ((last: IteratorResult<ExecutionResult>) => void) | null = null;
  const end = (): void => {
    over = true;
    revoked.removeEventListener('abort', revoke);
    // What the source fails with now is nobody's to see any more.
    Promise.resolve(source.return?.()).catch(() => undefined);
  };
  const lastResult = (): IteratorResult<ExecutionResult> => {
    end();
    return { done: false, value: { errors: [forbidden('The right to follow this is gone.')] } };
  };
  // A busy reader is told when it asks again.
  const revoke = (): void => settle?.(lastResult());
  revoked.addEventListener('abort', revoke, { once: true });
  const following = async (): Promise<IteratorResult<ExecutionResult>> => {
    try {
      return await source.next();
    } finally {
      settle = null;
    }
  };
  return {
    async next() {
      if (over) return DONE;
      if (revoked.aborted) return lastResult();
      return new Promise((resolve, reject) => {
        settle = resolve;
        following().then(resolve, reject);
      });
    },
    async return() {
      end();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
