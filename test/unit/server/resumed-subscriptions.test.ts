import fc from 'fast-check';
import {
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import { expect, test } from 'vitest';
import { forbidden } from '../../../src/graphql/core/errors.ts';
import { endable } from '../../../src/graphql/event/endable.ts';
import { notePosition } from '../../../src/graphql/event/told-position.ts';
import { createSharedSubscriptions } from '../../../src/server/shared-subscriptions.ts';
import { userActor } from '../../testkit/actors.ts';

const DOCUMENT = parse('subscription ($after: String) { events(after: $after) }');
const SCHEMA = new GraphQLSchema({
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      events: {
        type: GraphQLString,
        args: { after: { type: GraphQLString } },
        extensions: { live: 'EVENTS' },
      },
    },
  }),
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Numbered events, and executions that read them with delays as the seed wants. */
function createLog(delays: readonly number[]) {
  let written = 0;
  let drawn = 0;
  const waiting = new Set<() => void>();
  const running = new Set<object>();
  const state = { executions: 0, running, fault: null as Error | null };
  const delayed = async (): Promise<void> => {
    for (let n = delays[(drawn += 1) % delays.length] ?? 0; n > 0; n -= 1) await turn();
  };
  const wakeAll = (): void => waiting.forEach((wake) => wake());
  const subscribe = async ({ variableValues, contextValue }: ExecutionArgs) => {
    state.executions += 1;
    let last = Number(variableValues?.['after'] ?? written);
    let over = false;
    const waits = (): boolean => last >= written && !over && !state.fault;
    await delayed();
    const stream = endable<ExecutionResult>(
      async () => {
        await delayed();
        while (waits()) await new Promise<void>((resolve) => waiting.add(resolve));
        if (state.fault) throw state.fault;
        if (over) return { done: true, value: undefined };
        last += 1;
        const value = { data: { events: String(last) } };
        notePosition(contextValue as object, { txid: 1n, seq: BigInt(last) });
        await delayed();
        return { done: false, value };
      },
      () => {
        over = true;
        running.delete(stream);
        wakeAll();
      },
    );
    running.add(stream);
    return stream;
  };
  return {
    state,
    subscribe,
    written: () => written,
    write() {
      written += 1;
      wakeAll();
    },
    fail(fault: Error) {
      state.fault = fault;
      wakeAll();
    },
  };
}
type Log = ReturnType<typeof createLog>;

/** A client that begins now, or behind an event. */
async function join(log: Log, shared: ReturnType<typeof createSharedSubscriptions>, after: number | null) {
  const got: number[] = [];
  const state = { ended: 'no', refused: 0 };
  const args: ExecutionArgs = {
    schema: SCHEMA,
    document: DOCUMENT,
    variableValues: { after: after === null ? null : String(after) },
    contextValue: { actor: userActor('ada'), refuseConnection: () => (state.refused += 1) },
  };
  const run = await shared.run(args, log.subscribe, async (payload) => {
    const { data } = JSON.parse(payload) as { data: { events: string } };
    got.push(Number(data.events));
    await turn();
  });
  if (!(Symbol.asyncIterator in run)) throw new Error('refused');
  const stream = run[Symbol.asyncIterator]();
  stream.next().then(
    () => (state.ended = 'ended'),
    () => (state.ended = 'failed'),
  );
  return { after, from: log.written(), got, state, leave: async () => void (await stream.return?.()) };
}

const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, n) => from + n + 1);

test('whoever resumes has each event once and in order, whatever the delays, and shares in the end', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ kind: 'write' } as const) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('resume' as const), back: fc.nat(8) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'join' } as const) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), n: fc.nat(8) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('turns' as const), n: fc.nat(6) }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }),
      async (steps, delays) => {
        const log = createLog(delays);
        const shared = createSharedSubscriptions();
        const clients: Awaited<ReturnType<typeof join>>[] = [];
        for (const each of steps) {
          if (each.kind === 'write') log.write();
          else if (each.kind === 'join') clients.push(await join(log, shared, null));
          else if (each.kind === 'resume')
            clients.push(await join(log, shared, Math.max(0, log.written() - each.back)));
          else if (each.kind === 'leave') await clients.splice(each.n, 1)[0]?.leave();
          else for (let n = 0; n < each.n; n += 1) await turn();
        }
        // What comes last is told to all in the end; the one before it lets all go over to the group.
        for (let n = 0; n < 2; n += 1) {
          log.write();
          for (let turns = 0; turns < 400; turns += 1) await turn();
        }
        const end = log.written();
        for (const { after, got } of clients) {
          const first = after ?? (got[0] ?? end) - 1;
          expect(got).toEqual(upTo(first, end));
        }
        expect(log.state.running.size).toBe(clients.length > 0 ? 1 : 0);
        await Promise.all(clients.map(({ leave }) => leave()));
        expect(log.state.running.size).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test('a right that is gone while it catches up, and after, ends it and closes its connection', async () => {
  for (const isLive of [false, true]) {
    const log = createLog([1]);
    log.write();
    const client = await join(log, createSharedSubscriptions(), 0);
    if (isLive) log.write();
    await expect.poll(() => client.got.length).toBe(isLive ? 2 : 1);
    await expect.poll(() => log.state.running.size).toBe(isLive ? 1 : 2);
    log.fail(forbidden());
    await expect.poll(() => client.state).toEqual({ ended: 'failed', refused: 1 });
  }
});
