import { afterEach, expect, test, vi } from 'vitest';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { userEvent, type Event, type EventDraft } from '../../../src/domain/event/event.ts';
import { createLiveConnections, type LiveConnections } from '../../../src/server/live-connections.ts';
import { createLogger } from '../../../src/server/logging.ts';
import { FeedOverflow, type EventFeed } from '../../../src/usecases/ports/event-log.ts';
import { userActor } from '../../testkit/actors.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';

const ada = userActor('ada', { merchantId: 'shop', role: 'ADMIN', projectIds: null });
const signedOut = userEvent('session.ended', 'ada', { sessionId: ada.sessionId });
const clock = createMovableClock();
const silent = createLogger('error', { write: () => undefined });
let live: LiveConnections;
afterEach(() => live.stop());

/** A feed that hands on what the test says, or breaks. */
function createFeed() {
  let inbox: (Event | Error)[] = [];
  let wake: () => void = () => undefined;
  const subscriptions = { count: 0 };
  const push = (item: Event | Error): void => {
    inbox.push(item);
    wake();
  };
  const feed: Pick<EventFeed, 'subscribe'> = {
    subscribe: ({ signal }) => {
      subscriptions.count += 1;
      signal.addEventListener('abort', () => wake());
      return (async function* () {
        while (!signal.aborted) {
          const items = inbox;
          inbox = [];
          for (const item of items) {
            if (item instanceof Error) throw item;
            yield item;
          }
          if (inbox.length === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
        }
      })();
    },
  };
  const tell = (draft: EventDraft): void =>
    push({
      ...draft,
      id: 'event',
      actor: { type: 'SYSTEM', id: null },
      occurredAt: clock.now(),
      version: 1,
      position: { txid: 0n, seq: 0n },
    });
  return { feed, tell, break: () => push(new FeedOverflow('too slow')), subscriptions };
}

function start(currentActor: (actor: Actor) => Promise<Actor | null>) {
  const bus = createFeed();
  const lookups = vi.fn(currentActor);
  live = createLiveConnections({
    feed: bus.feed,
    currentActor: lookups,
    clock,
    logger: silent,
    sweepMs: 10,
  });
  return { ...bus, lookups };
}

const open = (actor: Actor = ada, mark = live.mark()) => {
  const close = vi.fn<() => void>();
  return { close, release: live.open(actor, mark, close) };
};
/** Lets what was told be handled, as far as it needs no other time than this. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a thousand sockets of one session are one lookup, and all are closed once', async () => {
  const { tell, lookups } = start(async () => null);
  const connections = Array.from({ length: 1000 }, () => open());
  expect(live.size()).toBe(1000);
  tell(signedOut);
  await vi.waitUntil(() => live.size() === 0);
  expect(lookups).toHaveBeenCalledTimes(1);
  for (const { close, release } of connections) {
    release();
    expect(close).toHaveBeenCalledTimes(1);
  }
});

test('no event of others, and none that changes no rights, costs a lookup', async () => {
  const { tell, lookups } = start(async () => null);
  open();
  tell(userEvent('session.ended', 'bob', { sessionId: 'session of bob' }));
  tell(userEvent('session.created', 'ada', {}));
  tell({
    type: 'invoice.paid',
    merchantId: 'shop',
    projectId: 'p1',
    mode: 'LIVE',
    subject: { type: 'INVOICE', id: 'i' },
    data: {},
  });
  await settled();
  expect(lookups).not.toHaveBeenCalled();
});

test('what was told while the caller was being looked up is not missed', async () => {
  const { tell, lookups } = start(async () => null);
  const mark = live.mark();
  tell(signedOut);
  await settled();
  const { close } = open(ada, mark);
  await vi.waitUntil(() => close.mock.calls.length === 1);
  expect(lookups).toHaveBeenCalledTimes(1);
});

test('what is told while a lookup runs is looked up again: its answer may be older', async () => {
  const answers: ((actor: Actor | null) => void)[] = [];
  const { tell } = start(() => new Promise((resolve) => answers.push(resolve)));
  const { close } = open();
  tell(signedOut);
  await vi.waitUntil(() => answers.length === 1);
  tell(signedOut);
  await settled();
  expect(answers).toHaveLength(1);
  answers[0]?.(ada);
  await vi.waitUntil(() => answers.length === 2);
  expect(close).not.toHaveBeenCalled();
  answers[1]?.(null);
  await vi.waitUntil(() => close.mock.calls.length === 1);
});

test('at most four lookups run at once', async () => {
  const answers: (() => void)[] = [];
  const { tell } = start(() => new Promise((resolve) => answers.push(() => resolve(null))));
  for (let n = 0; n < 50; n++) open({ ...ada, sessionId: `session ${n}` });
  tell(userEvent('user.password_reset', 'ada', {}));
  await settled();
  expect(answers).toHaveLength(4);
  for (let n = 0; n < 50; n++) {
    await vi.waitUntil(() => answers.length > n);
    expect(answers.length).toBeLessThanOrEqual(n + 4);
    answers[n]?.();
  }
  await vi.waitUntil(() => live.size() === 0);
});

test('gaining closes nothing; losing what was gained does', async () => {
  const viewer = userActor('ada', { merchantId: 'shop', role: 'VIEWER', projectIds: null });
  let now: Actor = ada;
  const { tell, lookups } = start(async () => now);
  const { close } = open(viewer);
  tell(userEvent('member.changed', 'ada', {}));
  await vi.waitUntil(() => lookups.mock.calls.length === 1);
  await settled();
  expect(close).not.toHaveBeenCalled();
  now = viewer;
  tell(userEvent('member.changed', 'ada', {}));
  await vi.waitUntil(() => close.mock.calls.length === 1);
});

test('what ends by time is looked up when it is due, and lives on if something was done', async () => {
  const in1 = new Date(clock.now().getTime() + 3_600_000);
  const in2 = new Date(clock.now().getTime() + 7_200_000);
  let now: Actor | null = { ...ada, validUntil: in2 };
  const { lookups } = start(async () => now);
  const { close } = open({ ...ada, validUntil: in1 });
  clock.advance({ hours: 1 });
  await vi.waitUntil(() => lookups.mock.calls.length === 1);
  now = null;
  clock.advance({ hours: 1 });
  await vi.waitUntil(() => close.mock.calls.length === 1);
  expect(lookups).toHaveBeenCalledTimes(2);
});

test('one address of a key that is open to others only is closed alone', async () => {
  const from = (ip: string): Actor => ({
    type: 'API_KEY',
    apiKeyId: 'key',
    kind: 'SECRET',
    scopes: [],
    merchantId: 'shop',
    projectId: 'p1',
    mode: 'LIVE',
    client: { ip, device: '' },
  });
  const { tell } = start(async (actor) =>
    actor.type === 'API_KEY' && actor.client?.ip === '192.0.2.1' ? actor : null,
  );
  const [kept, shut] = [open(from('192.0.2.1')), open(from('192.0.2.2'))];
  tell({ ...userEvent('api_key.changed', 'key', {}), subject: { type: 'API_KEY', id: 'key' } });
  await vi.waitUntil(() => shut.close.mock.calls.length === 1);
  expect(kept.close).not.toHaveBeenCalled();
  expect(live.size()).toBe(1);
});

test('a connection that closed by itself is forgotten, and so are strangers', async () => {
  const { tell, lookups } = start(async () => null);
  open().release();
  open({ type: 'ANONYMOUS' });
  expect(live.size()).toBe(0);
  tell(signedOut);
  await settled();
  expect(lookups).not.toHaveBeenCalled();
});

test('a fault of the lookup closes nobody, and is tried again', async () => {
  let fails = true;
  const { tell, lookups } = start(async () => {
    if (fails) throw new Error('the database is gone');
    return null;
  });
  const { close } = open();
  tell(signedOut);
  await vi.waitUntil(() => lookups.mock.calls.length === 1);
  await settled();
  expect(close).not.toHaveBeenCalled();
  fails = false;
  await vi.waitUntil(() => close.mock.calls.length === 1, { timeout: 5_000 });
});

test('when the feed breaks, it is followed anew and everybody is looked up', async () => {
  const { break: breakFeed, subscriptions } = start(async () => null);
  const { close } = open();
  breakFeed();
  await vi.waitUntil(() => close.mock.calls.length === 1, { timeout: 5_000 });
  expect(subscriptions.count).toBe(2);
});
