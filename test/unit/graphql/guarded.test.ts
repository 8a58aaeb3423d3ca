import { expect, test } from 'vitest';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { endable } from '../../../src/graphql/event/endable.ts';
import { guarded } from '../../../src/graphql/event/guarded.ts';
import { FeedOverflow } from '../../../src/usecases/ports/event-log.ts';
import { userActor } from '../../testkit/actors.ts';

/** Counts up; what is returned says whether it was left. */
function counting() {
  const state = { n: 0, left: 0, fault: null as Error | null };
  const stream = endable<number>(
    async () => {
      if (state.fault) throw state.fault;
      state.n += 1;
      return { done: false, value: state.n };
    },
    () => void (state.left += 1),
  );
  return { state, stream };
}

function caller(actor: Actor | null = userActor('ada')) {
  const state = { actor, refused: 0, broken: false };
  return {
    state,
    currentActor: async () => {
      if (state.broken) throw new Error('no database');
      return state.actor;
    },
    refuseConnection: () => void (state.refused += 1),
  };
}
const even = { mayFollow: () => true, told: (n: number) => (n % 2 === 0 ? n : null) };

test('tells what passes, and leaves the rest out', async () => {
  const stream = guarded(caller(), counting().stream, even);
  expect([await stream.next(), await stream.next()].map(({ value }) => value)).toEqual([2, 4]);
});

test.each<[string, Actor | null, () => boolean]>([
  ['the session has ended', null, () => true],
  ['the right is gone', userActor('ada'), () => false],
])('ends with FORBIDDEN when %s', async (_what, actor, mayFollow) => {
  const { state, stream } = counting();
  const context = caller(actor);
  const following = guarded(context, stream, { ...even, mayFollow });
  await expect(following.next()).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  expect([context.state.refused, state.left]).toEqual([1, 1]);
});

test('tells who is too far behind so', async () => {
  const { state, stream } = counting();
  state.fault = new FeedOverflow('10,001 events');
  const context = caller();
  await expect(guarded(context, stream, even).next()).rejects.toMatchObject({
    extensions: { code: 'TOO_SLOW' },
  });
  expect(context.state.refused).toBe(0);
});

test('leaves the source when the rights cannot be looked up, and tells nothing', async () => {
  const { state, stream } = counting();
  const context = caller();
  context.state.broken = true;
  await expect(guarded(context, stream, even).next()).rejects.toThrow('no database');
  expect([state.left, context.state.refused]).toEqual([1, 0]);
});
