import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEventRelayStore } from '../../src/adapters/db/event-relay-store.ts';
import { RETRY_DELAYS } from '../../src/usecases/notification/retry-schedule.ts';
import { seededRandom } from '../fault/seed.ts';
import { addChat, addMerchant, addPerson } from './merchant-fixture.ts';
import { addProject, createHub, type Hub } from './hub-fixture.ts';

let hub: Hub;
beforeAll(async () => {
  hub = await createHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.told.length = 0;
  hub.answer = () => ({ kind: 'sent' });
});

/** A shop with some chats, whose people are told each event by itself and by chat alone. */
async function openShop(count: number, digestSeconds = 0) {
  const merchantId = await addMerchant(hub.db.pool);
  const projectId = await addProject(hub.db.pool, merchantId);
  const chats: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id } = await addPerson(hub.db.pool, { member: { merchantId, role: 'OWNER' } });
    await hub.db.pool.query(
      `INSERT INTO notification_settings (user_id, digest_seconds, updated_at) VALUES ($1, $2, now())`,
      [id, digestSeconds],
    );
    chats.push(await addChat(hub.db.pool, 'MERCHANT', id, merchantId));
  }
  const place = { merchantId, projectId, mode: 'LIVE' } as const;
  const happen = async (events: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let i = 0; i < events; i += 1)
      ids.push(await hub.event('payment.detected', place, { received: '1', asset: 'USDT' }));
    await hub.relay();
    return ids;
  };
  return { chats, happen };
}
const busy = (seconds = 0) =>
  ({ kind: 'retry', error: '429: Too Many Requests', retryAfterSeconds: seconds }) as const;
const toldTo = (chat: string) => hub.told.filter(({ to }) => to === chat).map(({ eventId }) => eventId);
/** Works until nothing waits; whenever nothing is due, business time goes on to where something is. */
async function workAll(): Promise<void> {
  for (;;) {
    await hub.work(4);
    const { rows } = await hub.db.pool.query<{ next: Date | null }>(
      'SELECT min(run_at) AS next FROM graphile_worker._private_jobs',
    );
    const next = rows[0]?.next ?? null;
    if (next === null) return;
    hub.clock.advance({ milliseconds: Math.max(next.getTime() - hub.clock.now().getTime(), 0) + 1 });
  }
}

test('a message that is tried again holds back the younger ones of its chat, and of no other', async () => {
  const { chats, happen } = await openShop(2);
  const [slow = '', other = ''] = chats;
  const [first] = await happen(1);
  hub.answer = ({ to }) => (to === slow ? busy(30) : { kind: 'sent' });
  await hub.work();
  hub.told.length = 0;
  hub.answer = () => ({ kind: 'sent' });
  const later = await happen(3);
  while (toldTo(other).length < later.length) {
    await hub.work();
    hub.clock.advance({ milliseconds: 20 });
  }
  expect(toldTo(other)).toEqual(later);
  expect(toldTo(slow)).toEqual([]);
  await workAll();
  expect(toldTo(slow)).toEqual([first, ...later]);
});

test('nor is it overtaken when it is due again and others were due long before', async () => {
  const { chats, happen } = await openShop(1);
  const [first] = await happen(1);
  hub.answer = () => busy(30);
  await hub.work();
  hub.told.length = 0;
  hub.answer = () => ({ kind: 'sent' });
  const later = await happen(5);
  // Nobody has worked meanwhile: the jobs of the younger ones stand before its own.
  hub.clock.advance({ seconds: 60 });
  await workAll();
  expect(toldTo(chats[0] ?? '')).toEqual([first, ...later]);
});

test('one that ended, in whatever way, holds back nobody', async () => {
  for (const outcome of [
    { kind: 'unknown', error: 'cut' },
    { kind: 'rejected', error: '400: Bad Request' },
  ] as const) {
    const { chats, happen } = await openShop(1);
    const ids = await happen(3);
    hub.answer = ({ eventId }) => (eventId === ids[0] ? outcome : { kind: 'sent' });
    await workAll();
    expect(toldTo(chats[0] ?? '')).toEqual(ids);
  }
});

test('whatever is answered and however many work, each chat reads its messages in order, each once', async () => {
  const random = seededRandom();
  const { chats, happen } = await openShop(3);
  const read = new Map(chats.map((chat): [string, string[]] => [chat, []]));
  hub.answer = ({ to, eventId }) => {
    if (random.next() < 0.3) return busy(random.below(8));
    read.get(to)?.push(eventId ?? '');
    return random.next() < 0.1 ? { kind: 'unknown', error: 'cut after sending' } : { kind: 'sent' };
  };
  const ids: string[] = [];
  for (let burst = 0; burst < 4; burst += 1) {
    ids.push(...(await happen(1 + random.below(4))));
    await hub.work(4);
    hub.clock.advance({ seconds: random.below(7) });
  }
  await workAll();
  for (const [, messages] of read) expect(messages).toEqual(ids);
});

test('those that wait for it have one job for all of them, which comes when it is due', async () => {
  const { chats, happen } = await openShop(1);
  const [first = ''] = await happen(1);
  hub.answer = () => busy(30);
  await hub.work();
  const later = await happen(40);
  await hub.work();
  hub.told.length = 0;
  await hub.work();
  expect(hub.told).toEqual([]);
  const { rows } = await hub.db.pool.query<{ at: Date }>(
    'SELECT run_at AS at FROM graphile_worker._private_jobs',
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.at.getTime()).toBeGreaterThan(hub.clock.now().getTime() + 20_000);
  hub.answer = () => ({ kind: 'sent' });
  await workAll();
  expect(toldTo(chats[0] ?? '')).toEqual([first, ...later]);
});

test('those behind one that fails are not taken for lost, and are told when it is given up', async () => {
  const { chats, happen } = await openShop(1);
  const ids = await happen(3);
  hub.answer = ({ eventId }) => (eventId === ids[0] ? { kind: 'retry', error: '502' } : { kind: 'sent' });
  await hub.work();
  const relay = createEventRelayStore(hub.db.pool);
  expect(await relay.requeueLost(new Date(hub.clock.now().getTime() + 1))).toBe(0);
  await workAll();
  expect(toldTo(chats[0] ?? '')).toEqual([
    ...Array<string>(RETRY_DELAYS.length + 1).fill(ids[0] ?? ''),
    ...ids.slice(1),
  ]);
});

test('what is held for a chat until the same time is one job, so it keeps no other chat waiting', async () => {
  const { happen } = await openShop(1, 60);
  await happen(1);
  await hub.work();
  await happen(20);
  const { rows } = await hub.db.pool.query('SELECT FROM graphile_worker._private_jobs');
  expect(rows).toHaveLength(1);
  await workAll();
});

test('what comes while a chat is being told is told, once, by whoever is at it', async () => {
  const { chats, happen } = await openShop(1);
  const more: string[] = [];
  hub.answer = async () => {
    if (more.length < 30) more.push(...(await happen(1)));
    return { kind: 'sent' };
  };
  const [first = ''] = await happen(1);
  await hub.work(4);
  expect(toldTo(chats[0] ?? '')).toEqual([first, ...more]);
});

test('a worker whose clock is behind looks again, and forgets nothing', async () => {
  const { chats, happen } = await openShop(1);
  const [first = ''] = await happen(1);
  hub.clock.advance({ seconds: -20 });
  const { rows } = await hub.db.pool.query<{ id: string }>('SELECT id FROM delivery WHERE event_id = $1', [
    first,
  ]);
  await hub.send(rows[0]?.id ?? '');
  expect(toldTo(chats[0] ?? '')).toEqual([]);
  hub.clock.advance({ seconds: 20 });
  await workAll();
  expect(toldTo(chats[0] ?? '')).toEqual([first]);
});

test('those that another message will take along are not taken for lost while that one is held back', async () => {
  const { chats, happen } = await openShop(1, 60);
  hub.answer = () => busy(3_600);
  const [first] = await happen(1);
  await hub.work();
  await happen(3);
  hub.clock.advance({ seconds: 300 });
  await hub.work(2);
  const relay = createEventRelayStore(hub.db.pool);
  expect(await relay.requeueLost(hub.clock.now())).toBe(0);
  hub.told.length = 0;
  hub.answer = () => ({ kind: 'sent' });
  await workAll();
  expect(hub.told).toMatchObject([
    { to: chats[0], eventId: first },
    { to: chats[0], digest: { count: 3 } },
  ]);
});

test('a chat that was disconnected, or is connected to another shop only, is not told what waited', async () => {
  for (const change of [
    `ended_at = now(), end_reason = 'DISCONNECTED'`,
    `merchant_id = '${await addMerchant(hub.db.pool)}'`,
  ]) {
    const { chats, happen } = await openShop(1, 60);
    const [first] = await happen(1);
    await hub.work();
    await happen(2);
    await hub.db.pool.query(`UPDATE telegram_link SET ${change} WHERE chat_id = $1`, [chats[0]]);
    await workAll();
    expect(toldTo(chats[0] ?? '')).toEqual([first]);
    const { rows } = await hub.db.pool.query(
      'SELECT status, last_error FROM delivery WHERE target = $1 ORDER BY id OFFSET 1',
      [chats[0]],
    );
    const ended = { status: 'FAILED', last_error: 'the chat is not connected any more' };
    expect(rows).toEqual([ended, ended]);
  }
});
