import { parse, type ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { useRevocation } from '../../../src/graphql/core/revocation.plugin.ts';

/** The stream of `source` as the plugin gives it on. */
function guarded(source: AsyncIterableIterator<ExecutionResult>, revoked: AbortSignal) {
  let stream = source;
  const hooks = useRevocation().onSubscribe?.({
    args: { document: parse('subscription { a }'), contextValue: { revoked } },
  } as never);
  const { onSubscribeResult } = hooks as { onSubscribeResult: (payload: object) => void };
  onSubscribeResult({ result: source, setResult: (result: typeof source) => void (stream = result) });
  return stream;
}

async function* results(count: number): AsyncGenerator<ExecutionResult> {
  for (let n = 1; n <= count; n += 1) yield { data: { n } };
  await new Promise(() => undefined);
}

const FORBIDDEN = { done: false, value: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } };

test('a stream that waits is told that the right is gone, and ends', async () => {
  const rights = new AbortController();
  const stream = guarded(results(0), rights.signal);
  const next = stream.next();
  rights.abort();
  expect(await next).toMatchObject(FORBIDDEN);
  expect(await stream.next()).toMatchObject({ done: true });
});

test('so is one whose reader is busy with an event at that moment, and no event follows', async () => {
  const rights = new AbortController();
  const stream = guarded(results(2), rights.signal);
  expect(await stream.next()).toEqual({ done: false, value: { data: { n: 1 } } });
  rights.abort();
  expect(await stream.next()).toMatchObject(FORBIDDEN);
  expect(await stream.next()).toMatchObject({ done: true });
});
