import {
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  parse,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { forbidden } from '../../../src/graphql/core/errors.ts';
import { createSharedSubscriptions } from '../../../src/server/shared-subscriptions.ts';
import { userActor } from '../../testkit/actors.ts';

const DOCUMENT = parse(
  'subscription ($id: ID, $after: EventCursor) { events(projectId: $id, after: $after) { id } }',
);
const BY_DEFAULT = parse('subscription ($c: EventCursor = "abc") { events(after: $c) { id } }');
const LITERAL = parse('subscription { events(after: "abc") { id } }');

const STATE = parse('subscription { state }');

const SCHEMA = new GraphQLSchema({
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      events: { type: GraphQLInt, extensions: { live: 'EVENTS' } },
      state: { type: GraphQLInt, extensions: { live: 'STATE' } },
    },
  }),
});

const key = (apiKeyId: string): Actor => ({
  type: 'API_KEY',
  apiKeyId,
  kind: 'SECRET',
  scopes: [],
  merchantId: `merchant of ${apiKeyId}`,
  projectId: 'project',
  mode: 'LIVE',
});

interface FedStream {
  push(result: ExecutionResult): void;
  fail(error: Error): void;
  end(): void;
  left: boolean;
}

/** Streams that the test feeds, and whether they were left. */
function source() {
  const opened: FedStream[] = [];
  const subscribe = (): AsyncIterable<ExecutionResult> => {
    const waiting: PromiseWithResolvers<IteratorResult<ExecutionResult, undefined>>[] = [];
    const ready: Promise<IteratorResult<ExecutionResult, undefined>>[] = [];
    const settle = (outcome: Promise<IteratorResult<ExecutionResult, undefined>>) => {
      outcome.catch(() => undefined);
      const first = waiting.shift();
      if (first) first.resolve(outcome);
      else ready.push(outcome);
    };
    const stream: FedStream = {
      push: (value) => settle(Promise.resolve({ done: false, value })),
      fail: (reason) => settle(Promise.reject(reason)),
      end: () => settle(Promise.resolve({ done: true, value: undefined })),
      left: false,
    };
    opened.push(stream);
    const iterator: AsyncIterableIterator<ExecutionResult> = {
      next() {
        const next = ready.shift();
        if (next) return next;
        const later = Promise.withResolvers<IteratorResult<ExecutionResult, undefined>>();
        waiting.push(later);
        return later.promise;
      },
      async return() {
        stream.left = true;
        stream.end();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    return iterator;
  };
  return { opened, subscribe };
}

function args(
  actor: Actor,
  variables: Record<string, unknown> = {},
  document = DOCUMENT,
  refused = { times: 0 },
): ExecutionArgs {
  const refuseConnection = () => {
    refused.times += 1;
  };
  return {
    schema: SCHEMA,
    document,
    variableValues: variables,
    contextValue: { actor, refuseConnection },
  };
}

const result = (id: string): ExecutionResult => ({ data: { events: { id } } });
const into = (list: string[]) => async (payload: string) => void list.push(payload);
const nowhere = async (): Promise<void> => undefined;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('equal subscriptions', () => {
  test('are executed once, and each gets the same text', async () => {
    const { opened, subscribe } = source();
    const shared = createSharedSubscriptions();
    const got: string[] = [];
    for (let i = 0; i < 3; i++) await shared.run(args(key('a')), subscribe, into(got));
    expect(opened).toHaveLength(1);
    opened[0]?.push(result('1'));
    await expect.poll(() => got).toEqual(Array.from({ length: 3 }, () => JSON.stringify(result('1'))));
  });

  test.each([
    ['how something stands tell the last of it to who comes later', STATE, ['1', '2']],
    ['what happens tell only what is yet to come', DOCUMENT, ['2']],
  ])('that tell %s', async (_what, document, expected) => {
    const { opened, subscribe } = source();
    const shared = createSharedSubscriptions();
    const got: string[] = [];
    await shared.run(args(key('a'), {}, document), subscribe, into(got));
    opened[0]?.push(result('1'));
    await expect.poll(() => got).toHaveLength(1);
    const late: string[] = [];
    await shared.run(args(key('a'), {}, document), subscribe, into(late));
    const stranger: string[] = [];
    await shared.run(args(key('b'), {}, document), subscribe, into(stranger));
    opened[0]?.push(result('2'));
    await expect.poll(() => got).toHaveLength(2);
    expect(late).toEqual(expected.map((id) => JSON.stringify(result(id))));
    expect(stranger).toEqual([]);
  });

  test('run until the last one leaves', async () => {
    const { opened, subscribe } = source();
    const shared = createSharedSubscriptions();
    const members = [];
    for (let i = 0; i < 2; i++) members.push(await shared.run(args(key('a')), subscribe, nowhere));
    for (const member of members) {
      expect(opened[0]?.left).toBe(false);
      if (Symbol.asyncIterator in member) await member[Symbol.asyncIterator]().return?.();
    }
    opened[0]?.push(result('1'));
    await expect.poll(() => opened[0]?.left).toBe(true);
    await shared.run(args(key('a')), subscribe, nowhere);
    expect(opened).toHaveLength(2);
  });

  test.each([
    ['fail together', new Error('a fault'), 0],
    ['are closed together when their right is gone', forbidden(), 2],
  ])('%s', async (_what, failure, closed) => {
    const { opened, subscribe } = source();
    const shared = createSharedSubscriptions();
    const refused = { times: 0 };
    const ends = [];
    for (let i = 0; i < 2; i++) {
      const member = await shared.run(args(key('a'), {}, DOCUMENT, refused), subscribe, nowhere);
      if (Symbol.asyncIterator in member) ends.push(member[Symbol.asyncIterator]().next());
    }
    opened[0]?.fail(failure);
    for (const end of ends) await expect(end).rejects.toBe(failure);
    expect(refused.times).toBe(closed);
  });

  test('end together', async () => {
    const { opened, subscribe } = source();
    const member = await createSharedSubscriptions().run(args(key('a')), subscribe, nowhere);
    if (!(Symbol.asyncIterator in member)) throw new Error('no stream');
    const end = member[Symbol.asyncIterator]().next();
    opened[0]?.end();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  test.each([
    ['with a cursor in the document', args(key('a'), {}, LITERAL)],
    ['with a cursor by default', args(key('a'), {}, BY_DEFAULT)],
    ['of nobody', args({ type: 'ANONYMOUS' })],
  ])('%s are not shared', async (_what, lonely) => {
    const { opened, subscribe } = source();
    const shared = createSharedSubscriptions();
    await shared.run(lonely, subscribe, nowhere);
    await shared.run(lonely, subscribe, nowhere);
    expect(opened).toHaveLength(2);
  });

  test('with a refusal give it to everyone', async () => {
    const refused: ExecutionResult = { errors: [] };
    const shared = createSharedSubscriptions();
    const first = shared.run(args(key('a')), async () => refused, nowhere);
    const second = shared.run(args(key('a')), async () => refused, nowhere);
    expect(await first).toBe(refused);
    expect(await second).toBe(refused);
  });
});

test('somebody whose rights have changed has an execution of their own', async () => {
  const { opened, subscribe } = source();
  const shared = createSharedSubscriptions();
  const member = (role: 'VIEWER' | 'OWNER'): Actor => ({
    ...userActor('ada'),
    memberships: [{ merchantId: 'merchant', role, projectIds: null }],
  });
  await shared.run(args(member('VIEWER')), subscribe, nowhere);
  await shared.run(args(member('OWNER')), subscribe, nowhere);
  await shared.run(args(member('OWNER')), subscribe, nowhere);
  expect(opened).toHaveLength(2);
});

test('no frame ever reaches another actor, other variables, or one who has left', async () => {
  const step = fc.record({
    kind: fc.constantFrom('join', 'join', 'push', 'leave'),
    actor: fc.constantFrom('a', 'b', 'c'),
    id: fc.constantFrom('1', '2'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const shared = createSharedSubscriptions();
      const streams = new Map<string, ReturnType<typeof source>>();
      const members: { name: string; got: string[]; leave: () => Promise<unknown>; left: boolean }[] = [];
      for (const { kind, actor, id } of steps) {
        const name = `${actor} ${id}`;
        const stream = streams.get(name) ?? source();
        streams.set(name, stream);
        if (kind === 'join') {
          const member = {
            name,
            got: [] as string[],
            leave: async (): Promise<unknown> => undefined,
            left: false,
          };
          const run = await shared.run(args(key(actor), { id }), stream.subscribe, async (payload) => {
            expect(member.left).toBe(false);
            member.got.push(payload);
          });
          if (Symbol.asyncIterator in run) member.leave = async () => run[Symbol.asyncIterator]().return?.();
          members.push(member);
        } else if (kind === 'push') {
          stream.opened.at(-1)?.push(result(name));
        } else {
          const leaving = members.find((m) => m.name === name && !m.left);
          if (leaving) {
            leaving.left = true;
            await leaving.leave();
          }
        }
        await settled();
      }
      for (const { name, got } of members) {
        expect(new Set(got)).toEqual(new Set(got.length > 0 ? [JSON.stringify(result(name))] : []));
      }
    }),
    { numRuns: 100 },
  );
});
