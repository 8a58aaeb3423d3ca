import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryRetryStore } from '../../src/adapters/db/delivery-retry-store.ts';
import { createEventRelayStore } from '../../src/adapters/db/event-relay-store.ts';
import { addChat, addMerchant, addPerson } from './merchant-fixture.ts';
import { addProject, createHub, eventsTold, giveBackJobs, type Hub } from './hub-fixture.ts';

const WINDOW = { seconds: 301 } as const;

let hub: Hub;
beforeAll(async () => {
  hub = await createHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.told.length = 0;
  hub.answer = () => ({ kind: 'sent' });
});

/** A shop with one person who is told by mail alone. */
async function openShop(name = 'Shop') {
  const merchantId = await addMerchant(hub.db.pool);
  const projectId = await addProject(hub.db.pool, merchantId, name);
  const { id, email } = await addPerson(hub.db.pool, { member: { merchantId, role: 'OWNER' } });
  const place = { merchantId, projectId, mode: 'LIVE' } as const;
  const pay = async (
    amount: string,
    currency = 'USD',
    where: typeof place | Mode = place,
  ): Promise<string> => {
    const id = await hub.event(
      'invoice.paid',
      typeof where === 'string' ? { ...place, mode: where } : where,
      {
        amountPaid: amount,
        currency,
      },
    );
    await hub.relay();
    return id;
  };
  return { merchantId, projectId, place, userId: id, email, pay };
}
type Mode = 'TEST' | 'LIVE';

const statuses = async (to: string): Promise<Record<string, number>> => {
  const { rows } = await hub.db.pool.query<{ status: string; count: number }>(
    'SELECT status, count(*)::int AS count FROM delivery WHERE target = $1 GROUP BY 1',
    [to],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};
const digests = () => hub.told.flatMap(({ digest }) => (digest ? [digest] : []));
const choose = (userId: string, digestSeconds: number, quiet: readonly [number, number] | null = null) =>
  hub.db.pool.query(
    `INSERT INTO notification_settings (user_id, time_zone, quiet_from, quiet_to, digest_seconds, updated_at)
     VALUES ($1, 'UTC', $2, $3, $4, now())`,
    [userId, quiet?.[0] ?? null, quiet?.[1] ?? null, digestSeconds],
  );

describe('a burst', () => {
  test('rings at once, and the rest is one message with number and exact sums by currency', async () => {
    const { pay, email } = await openShop('Tea & Co');
    const ids = [await pay('10.00')];
    await hub.work();
    expect(hub.told).toMatchObject([{ to: email, eventId: ids[0], digest: null }]);
    const sums = ['0.10', '0.20', '90071992547409930.01'];
    for (const amount of sums) ids.push(await pay(amount));
    ids.push(await pay('0.000000000000000001', 'ETH'), await pay('7', 'EUR'));
    await hub.work();
    expect(hub.told).toHaveLength(1);
    hub.clock.advance(WINDOW);
    await hub.work(4);
    expect(hub.told).toHaveLength(2);
    expect(digests()).toMatchObject([
      {
        group: 'received',
        count: 5,
        mode: 'LIVE',
        projectName: 'Tea & Co',
        sums: [
          { currency: 'ETH', amount: '0.000000000000000001' },
          { currency: 'EUR', amount: '7' },
          { currency: 'USD', amount: '90071992547409930.31' },
        ],
      },
    ]);
    expect((await eventsTold(hub, email)).toSorted()).toEqual(ids.toSorted());
    expect(await statuses(email)).toEqual({ SENT: 6 });
    // The window is over: the next one rings at once.
    const next = await pay('1');
    await hub.work();
    expect(hub.told.at(-1)).toMatchObject({ eventId: next, digest: null });
  });

  test('that is relayed in one batch is one message too', async () => {
    const { place, email } = await openShop();
    const data = { amountPaid: '1', currency: 'USD' };
    const ids = [];
    for (let i = 0; i < 30; i += 1) ids.push(await hub.event('invoice.paid', place, data));
    await hub.relay();
    await hub.work(4);
    hub.clock.advance(WINDOW);
    await hub.work(4);
    expect(hub.told.map(({ eventId }) => eventId)).toEqual([ids[0], null]);
    expect(digests()).toMatchObject([{ count: 29, sums: [{ currency: 'USD', amount: '29' }] }]);
    expect((await eventsTold(hub, email)).toSorted()).toEqual(ids.toSorted());
  });

  test('whose rest is one event is an ordinary message', async () => {
    const { pay, email } = await openShop();
    const ids = [await pay('1'), await pay('2')];
    await hub.work();
    hub.clock.advance(WINDOW);
    await hub.work();
    expect(hub.told).toMatchObject(ids.map((eventId) => ({ eventId, digest: null })));
    expect(await statuses(email)).toEqual({ SENT: 2 });
  });

  test('is told one by one to whom digests are off', async () => {
    const { pay, userId, email } = await openShop();
    await choose(userId, 0);
    const ids = [await pay('1'), await pay('2'), await pay('3')];
    await hub.work();
    expect((await eventsTold(hub, email)).toSorted()).toEqual(ids.toSorted());
    expect(await statuses(email)).toEqual({ SENT: 3 });
  });

  test('of one person, project or mode does not mix with another’s', async () => {
    const shop = await openShop('First');
    const other = await addPerson(hub.db.pool, { member: { merchantId: shop.merchantId, role: 'ADMIN' } });
    const second = { ...shop.place, projectId: await addProject(hub.db.pool, shop.merchantId, 'Second') };
    for (let i = 0; i < 3; i += 1) {
      await shop.pay('1');
      await shop.pay('2', 'USD', second);
      await shop.pay('4', 'USD', 'TEST');
    }
    await hub.work(4);
    expect(hub.told).toHaveLength(6);
    hub.clock.advance(WINDOW);
    await hub.work(4);
    for (const to of [shop.email, other.email]) {
      const mine = hub.told.filter((message) => message.to === to).flatMap(({ digest }) => digest ?? []);
      const facts = mine.map(({ projectName, mode, count, sums }) =>
        [projectName, mode, count, sums[0]?.amount].join(' '),
      );
      expect(facts.toSorted()).toEqual(['First LIVE 2 2', 'First TEST 2 8', 'Second LIVE 2 4']);
      expect(new Set(await eventsTold(hub, to)).size).toBe(9);
    }
  });
});

describe('quiet hours', () => {
  /** From now on for an hour, in UTC; whatever the time of day. */
  const anHourFromNow = (): [number, number] => {
    const minute = Math.floor(hub.clock.now().getTime() / 60_000) % 1440;
    return [minute, (minute + 60) % 1440];
  };

  test('hold back until their end, and what waited is one message; what is critical passes', async () => {
    const { pay, place, userId, email } = await openShop();
    await choose(userId, 300, anHourFromNow());
    await pay('1');
    await pay('2');
    const late = await hub.event('invoice.paid_late', place, {});
    const reversed = await hub.event('payment.reversed', place, {});
    await hub.relay();
    await hub.work();
    expect(hub.told).toMatchObject([{ eventId: reversed }]);
    hub.clock.advance({ hours: 1, seconds: 1 });
    await hub.work();
    expect(hub.told).toHaveLength(3);
    expect(hub.told).toContainEqual(expect.objectContaining({ eventId: late }));
    expect(digests()).toMatchObject([{ count: 2, sums: [{ currency: 'USD', amount: '3' }] }]);
    expect(await statuses(email)).toEqual({ SENT: 4 });
  });
});

describe('a message of several', () => {
  /** A shop whose first message is told and whose next ones wait, to be sent by now. */
  async function openWaiting(count: number) {
    const shop = await openShop();
    const ids = [await shop.pay('1')];
    await hub.work();
    for (let i = 0; i < count; i += 1) ids.push(await shop.pay('1'));
    hub.clock.advance(WINDOW);
    hub.told.length = 0;
    return { ...shop, first: ids[0] ?? '', waiting: ids.slice(1) };
  }

  test('that is tried again is the same one; what came meanwhile is another', async () => {
    const { pay, email, waiting } = await openWaiting(3);
    hub.answer = () => ({ kind: 'retry', error: '421 busy' });
    await hub.work();
    const [first] = hub.told;
    // These wait for a window that ends before the next attempt.
    const later = [await pay('10'), await pay('20'), await pay('30')];
    hub.answer = (message) =>
      message.deliveryId === first?.deliveryId ? { kind: 'retry', error: '421 busy' } : { kind: 'sent' };
    await hub.work();
    hub.clock.advance({ seconds: 3600 });
    await hub.work(4);
    hub.answer = () => ({ kind: 'sent' });
    hub.clock.advance({ hours: 24 });
    await hub.work(4);
    const same = hub.told.filter(({ deliveryId }) => deliveryId === first?.deliveryId);
    expect(same.length).toBeGreaterThan(1);
    for (const message of same) expect(message).toEqual(first);
    expect(first?.digest).toMatchObject({ count: 3, sums: [{ currency: 'USD', amount: '3' }] });
    const told = await eventsTold(
      {
        ...hub,
        told: [...new Set(hub.told.map((m) => JSON.stringify(m)))].map(
          (text) => JSON.parse(text) as (typeof hub.told)[number],
        ),
      },
      email,
    );
    expect(told.toSorted()).toEqual([...waiting, ...later].toSorted());
    expect(await statuses(email)).toEqual({ SENT: 7 });
  });

  test('whose worker dies between collecting and sending is sent by the next one, whole', async () => {
    const { email, waiting } = await openWaiting(4);
    hub.answer = () => Promise.reject(new Error('killed'));
    await expect(hub.work()).rejects.toThrow('killed');
    hub.told.length = 0;
    hub.answer = () => ({ kind: 'sent' });
    await giveBackJobs(hub.db.pool);
    await hub.work(4);
    expect(digests()).toMatchObject([{ count: 4 }]);
    expect((await eventsTold(hub, email)).toSorted()).toEqual(waiting.toSorted());
    expect(await statuses(email)).toEqual({ SENT: 5 });
  });

  test.each([
    ['refused for good', { kind: 'rejected', error: '550 no such mailbox' }, 'FAILED'],
    ['lost on its way', { kind: 'unknown', error: 'cut' }, 'UNKNOWN'],
  ] as const)(
    'that is %s ends so with all its parts, and with the reason',
    async (_what, outcome, status) => {
      const { email } = await openWaiting(3);
      hub.answer = () => outcome;
      await hub.work();
      expect(hub.told).toHaveLength(1);
      expect(await statuses(email)).toEqual({ SENT: 1, [status]: 3 });
      const { rows } = await hub.db.pool.query(
        'SELECT DISTINCT last_error, next_attempt_at FROM delivery WHERE target = $1 AND status = $2',
        [email, status],
      );
      expect(rows).toEqual([{ last_error: outcome.error, next_attempt_at: null }]);
    },
  );

  test('that was given up is one message again when a person has it sent again', async () => {
    const { email, waiting } = await openWaiting(3);
    hub.answer = () => ({ kind: 'rejected', error: '554 no' });
    await hub.work();
    hub.told.length = 0;
    hub.answer = () => ({ kind: 'sent' });
    const { rows } = await hub.db.pool.query<{ id: string }>(
      `SELECT id FROM delivery WHERE target = $1 AND status = 'FAILED' ORDER BY random() LIMIT 1`,
      [email],
    );
    const retries = createDeliveryRetryStore(hub.db.pool);
    expect(await retries.retry(rows[0]?.id ?? '', hub.clock.now())).toBe(true);
    expect(await retries.retry(rows[0]?.id ?? '', hub.clock.now())).toBe(false);
    await hub.work(4);
    expect(digests()).toMatchObject([{ count: 3, group: 'received' }]);
    expect((await eventsTold(hub, email)).toSorted()).toEqual(waiting.toSorted());
    expect(await statuses(email)).toEqual({ SENT: 4 });
  });

  test('whose person may not hear of it any more ends as a whole', async () => {
    const { email, userId } = await openWaiting(12);
    await hub.db.pool.query('UPDATE member SET disabled_at = now() WHERE user_id = $1', [userId]);
    await hub.work(4);
    expect(hub.told).toEqual([]);
    expect(await statuses(email)).toEqual({ SENT: 1, FAILED: 12 });
  });

  test('is made by one of many workers that begin with any of its parts', async () => {
    const { email, waiting } = await openWaiting(12);
    const { rows } = await hub.db.pool.query<{ id: string }>(
      `SELECT id FROM delivery WHERE target = $1 AND status = 'PENDING' ORDER BY random()`,
      [email],
    );
    await Promise.all([...rows, ...rows.toReversed()].map(({ id }) => hub.send(id)));
    const messages = new Set(hub.told.map(({ deliveryId }) => deliveryId));
    expect(messages.size).toBe(1);
    expect(await statuses(email)).toEqual({ SENT: 13 });
    const [once] = hub.told;
    expect((await eventsTold({ ...hub, told: once ? [once] : [] }, email)).toSorted()).toEqual(
      waiting.toSorted(),
    );
  });

  test('takes none with it that another worker is sending at the moment', async () => {
    const { pay, email, waiting } = await openWaiting(2);
    // The first message is refused for now; meanwhile another window is opened and filled.
    hub.answer = () => ({ kind: 'retry', error: '421 busy', retryAfterSeconds: 1800 });
    await hub.work();
    hub.answer = () => ({ kind: 'sent' });
    const later = [await pay('5')];
    await hub.work();
    later.push(await pay('6'), await pay('7'));
    hub.told.length = 0;
    hub.clock.advance({ seconds: 1750 });
    // The second one is on its way, and takes so long that the first is tried again meanwhile.
    const sending = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    hub.answer = async () => {
      arrived.resolve();
      await sending.promise;
      return { kind: 'sent' };
    };
    const slow = hub.work();
    await arrived.promise;
    hub.answer = () => ({ kind: 'sent' });
    hub.clock.advance({ seconds: 60 });
    await hub.work();
    sending.resolve();
    await slow;
    expect(digests().map(({ count }) => count)).toEqual([2, 2]);
    expect((await eventsTold(hub, email)).toSorted()).toEqual([...waiting, ...later.slice(1)].toSorted());
    expect(await statuses(email)).toEqual({ SENT: 6 });
  });

  test('that has lost its jobs gets one again, by which its waiting ones come along', async () => {
    const { email, waiting } = await openWaiting(3);
    await hub.db.pool.query('DELETE FROM graphile_worker._private_jobs');
    await hub.work();
    expect(hub.told).toEqual([]);
    const relay = createEventRelayStore(hub.db.pool);
    expect(await relay.requeueLost(hub.clock.now())).toBe(1);
    expect(await relay.requeueLost(hub.clock.now())).toBe(0);
    await hub.work(4);
    expect(digests()).toMatchObject([{ count: 3 }]);
    expect((await eventsTold(hub, email)).toSorted()).toEqual(waiting.toSorted());

    // Between collecting and sending: the parts need none of their own.
    const again = await openWaiting(3);
    hub.answer = () => Promise.reject(new Error('killed'));
    await expect(hub.work()).rejects.toThrow('killed');
    await hub.db.pool.query('DELETE FROM graphile_worker._private_jobs');
    hub.told.length = 0;
    hub.answer = () => ({ kind: 'sent' });
    expect(await relay.requeueLost(hub.clock.now())).toBe(1);
    await hub.work(4);
    expect((await eventsTold(hub, again.email)).toSorted()).toEqual(again.waiting.toSorted());
  });

  test('leaves none behind that is relayed while it is sent', async () => {
    const { email, place, waiting } = await openWaiting(2);
    // Decided when the window was open, written when its message was on the way already.
    const straggler = await hub.event('invoice.paid', place, { amountPaid: '9', currency: 'USD' });
    hub.answer = async () => {
      if (hub.told.length === 1) {
        await hub.relay();
        await hub.db.pool.query(
          `UPDATE delivery SET next_attempt_at = $2, digest_key = (
             SELECT digest_key FROM delivery WHERE event_id = $3) WHERE event_id = $1`,
          [straggler, hub.clock.now(), waiting[1]],
        );
        await hub.db.pool.query('UPDATE graphile_worker._private_jobs SET run_at = $1', [hub.clock.now()]);
        await hub.work();
      }
      return { kind: 'sent' };
    };
    await hub.work();
    expect((await eventsTold(hub, email)).toSorted()).toEqual([...waiting, straggler].toSorted());
    expect(await statuses(email)).toEqual({ SENT: 4 });
  });
});

test('chats collect as mail does', async () => {
  const { merchantId, userId, pay } = await openShop();
  const chat = await addChat(hub.db.pool, 'MERCHANT', userId, merchantId);
  const first = await pay('1');
  await pay('2');
  await pay('3');
  await hub.work();
  hub.clock.advance(WINDOW);
  await hub.work();
  const mine = hub.told.filter(({ to }) => to === chat);
  expect(mine).toMatchObject([
    { eventId: first },
    { digest: { count: 2, sums: [{ currency: 'USD', amount: '5' }] } },
  ]);
});
