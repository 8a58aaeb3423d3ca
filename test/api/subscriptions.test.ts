import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import { signIn, type DemoMerchant } from '../../src/demo/merchant.ts';
import { openShop } from '../testkit/open-shop.ts';
import * as operations from '../../src/generated/documents.ts';
import { encodeEventCursor } from '../../src/domain/event/event-cursor.ts';
import { rowIdOf } from '../testkit/facts.ts';
import {
  connectSse,
  connectWebSocket,
  endingCodes,
  seededRandom,
  type LiveConnection,
} from '../testkit/live-clients.ts';
import { usePlatform } from '../testkit/platform.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';

const kit = usePlatform();
let ours: DemoMerchant;
let theirs: DemoMerchant;
beforeAll(async () => {
  ours = await openShop(kit, 'ada@shop.example');
  theirs = await openShop(kit, 'bob@other.example');
});

const BEGINNING = encodeEventCursor({ txid: 0n, seq: 0n });
const LIFE_OF_A_PAID_INVOICE = [
  'invoice.created',
  'invoice.quoted',
  'payment.detected',
  'invoice.confirming',
  'payment.credited',
  'invoice.paid',
];

type Connect = (secret: string) => LiveConnection;
const transports: readonly (readonly [string, Connect])[] = [
  ['WebSocket', (secret) => connectWebSocket(kit.platform.url, secret)],
  ['server-sent events', (secret) => connectSse(kit.platform.url, secret)],
];

async function publishableKey({ owner, projectId }: DemoMerchant): Promise<string> {
  const input = { projectId, mode: 'TEST', kind: 'PUBLISHABLE', name: 'page' } as const;
  const { apiKeyCreate } = await owner.send(operations.ApiKeyCreateDocument, { input });
  return accepted(apiKeyCreate, 'ApiKeyCreatePayload').secret;
}

/** A merchant with a project of its own, so that its events are exactly those of the test. */
let shops = 0;
const anotherShop = () => openShop(kit, `shop${(shops += 1)}@shop.example`);

async function payInvoice({ test: api }: DemoMerchant): Promise<string> {
  const { id } = await createInvoice(api);
  await simulatePayment(api, id, (await createQuote(api, id)).id);
  return id;
}

/** What the table has of the project in TEST mode, in the order that readers follow. */
async function writtenEvents({ projectId }: DemoMerchant): Promise<string[]> {
  const { rows } = await kit.database.pool.query<{ id: string }>(
    `SELECT id FROM event WHERE project_id = $1 AND mode = 'TEST' AND type <> 'api_key.created' ORDER BY txid, seq`,
    [rowIdOf(projectId)],
  );
  return rows.map(({ id }) => id);
}

const isInvoiceEvent = ({ name }: { name: string }): boolean => name !== 'api_key.created';

/** The next result; the test fails when the stream ends instead. */
async function next<T>(events: AsyncIterator<T>): Promise<T> {
  const result = await events.next();
  if (result.done) throw new Error('the stream ended');
  return result.value;
}

describe.each(transports)('over %s', (_transport, connect) => {
  test('events replays what was, goes on live, and tells each once', async () => {
    const shop = await anotherShop();
    const before = await payInvoice(shop);
    const connection = connect(shop.testKey);
    const events = connection.iterate(operations.EventsDocument, { after: BEGINNING });
    const names: string[] = [];
    const take = async (count: number) => {
      while (names.length < count) {
        const { data } = await next(events);
        if (data && isInvoiceEvent(data.events)) names.push(`${data.events.name} ${data.events.subjectId}`);
      }
    };
    await take(6);
    const after = await payInvoice(shop);
    await take(12);
    expect(names).toEqual(
      [before, after].flatMap((id) => LIFE_OF_A_PAID_INVOICE.map((name) => `${name} ${id}`)),
    );
    connection.dispose();
  });

  test('events can be of chosen types only', async () => {
    const shop = await anotherShop();
    const connection = connect(shop.testKey);
    const events = connection.iterate(operations.EventsDocument, {
      after: BEGINNING,
      types: ['INVOICE_PAID', 'INVOICE_CANCELED'],
    });
    const paid = await payInvoice(shop);
    const { id } = await createInvoice(shop.test);
    await cancel(shop.test, id);
    const told = [await next(events), await next(events)].map(({ data }) => [
      data?.events.name,
      data?.events.subjectId,
    ]);
    expect(told).toEqual([
      ['invoice.paid', paid],
      ['invoice.canceled', id],
    ]);
    connection.dispose();
  });

  test('invoiceUpdated tells of one invoice alone, with the invoice as it is', async () => {
    const shop = await anotherShop();
    const { id } = await createInvoice(shop.test);
    const connection = connect(shop.testKey);
    const updates = connection.iterate(operations.InvoiceUpdatedDocument, { id, after: BEGINNING });
    const told = async () => {
      const { data } = await next(updates);
      return [data?.invoiceUpdated.event.name, data?.invoiceUpdated.invoice];
    };
    expect(await told()).toEqual(['invoice.created', { id, status: 'CREATED' }]);
    await payInvoice(shop);
    const quote = await createQuote(shop.test, id);
    expect(await told()).toEqual(['invoice.quoted', { id, status: 'CREATED' }]);
    await simulatePayment(shop.test, id, quote.id);
    const rest = [await told(), await told(), await told(), await told()];
    expect(rest.map(([name]) => name)).toEqual(LIFE_OF_A_PAID_INVOICE.slice(2));
    expect(rest.at(-1)?.[1]).toEqual({ id, status: 'PAID' });
    connection.dispose();
  });

  test('a follower that is killed and resumes sees every event once, in order', async () => {
    const shop = await anotherShop();
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seededRandom(seed);
    const INVOICES = 25;
    const EVENTS = INVOICES * LIFE_OF_A_PAID_INVOICE.length;

    const seen: string[] = [];
    let after: string = BEGINNING;
    let kills = 0;
    /** One connection, until it is killed or all is seen. The client moves its own cursor (RULES 14). */
    async function followOnce(lifetime: number): Promise<void> {
      const connection = connect(shop.testKey);
      try {
        for await (const { data } of connection.iterate(operations.EventsDocument, { after })) {
          if (!data) throw new Error('no event');
          after = data.events.cursor;
          if (isInvoiceEvent(data.events)) seen.push(data.events.id);
          if (seen.length >= EVENTS) return;
          if ((lifetime -= 1) <= 0) break;
        }
      } finally {
        connection.kill();
        connection.dispose();
      }
      kills += 1;
    }
    const followed = (async () => {
      while (seen.length < EVENTS) await followOnce(1 + Math.floor(random() * 20));
    })();
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        for (let i = 0; i < INVOICES / 5; i++) await payInvoice(shop);
      }),
    );
    await followed;
    expect(seen, `seed ${seed}`).toEqual(await writtenEvents(shop));
    expect(kills).toBeGreaterThan(5);
  });

  test('a connection that breaks in the middle ends with a fault, not as if all were told', async () => {
    const shop = await anotherShop();
    const { id } = await createInvoice(shop.test);
    const connection = connect(shop.testKey);
    const updates = connection.iterate(operations.InvoiceUpdatedDocument, { id, after: BEGINNING });
    await next(updates);
    const broken = expect(updates.next()).rejects.toBeDefined();
    connection.kill();
    await broken;
    connection.dispose();
  });

  test('a foreign project and a foreign invoice are refused', async () => {
    const { id } = await createInvoice(theirs.test);
    for (const secret of [ours.testKey, ours.sessionToken]) {
      const connection = connect(secret);
      const events = connection.iterate(operations.EventsDocument, {
        projectId: theirs.projectId,
        mode: 'TEST',
      });
      expect(await endingCodes(events)).toEqual(['FORBIDDEN']);
      const updates = connection.iterate(operations.InvoiceUpdatedDocument, { id, after: BEGINNING });
      expect(await endingCodes(updates)).toEqual(['FORBIDDEN']);
      connection.dispose();
    }
  });

  test('a publishable key is refused', async () => {
    const { id } = await createInvoice(ours.test);
    const connection = connect(await publishableKey(ours));
    expect(await endingCodes(connection.iterate(operations.EventsDocument, {}))).toEqual(['FORBIDDEN']);
    expect(await endingCodes(connection.iterate(operations.InvoiceUpdatedDocument, { id }))).toEqual([
      'FORBIDDEN',
    ]);
    connection.dispose();
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['nonsense', 'nonsense'],
    ['another version', Buffer.from('2.1.1').toString('base64url')],
    ['a negative place', Buffer.from('1.-1.1').toString('base64url')],
    ['a place past 64 bits', Buffer.from('1.0.99999999999999999999').toString('base64url')],
    ['a transaction past 64 bits', Buffer.from('1.99999999999999999999.0').toString('base64url')],
    ['something behind it', Buffer.from('1.1.1.1').toString('base64url')],
    ['a thousand digits', Buffer.from(`1.${'1'.repeat(1000)}.1`).toString('base64url')],
  ])('a cursor that is %s is refused', async (_what, after) => {
    const connection = connect(ours.testKey);
    const codes = await endingCodes(connection.iterate(operations.EventsDocument, { after }));
    expect(codes).toHaveLength(1);
    expect(['BAD_USER_INPUT', 'INVALID_INPUT']).toContain(codes[0]);
    connection.dispose();
  });

  test('a session that was ended follows nothing from the next event on', async () => {
    const shop = await anotherShop();
    const token = await signIn(kit.platform, shop.email);
    const connection = connect(token);
    const events = connection.iterate(operations.EventsDocument, {
      projectId: shop.projectId,
      mode: 'TEST',
      after: BEGINNING,
    });
    // The key was made before: the stream is open.
    expect((await next(events)).data?.events.name).toBe('api_key.created');
    await kit.platform.api.as(token).send(operations.SessionEndDocument, {});
    const ending = events.next().then(
      ({ value }: { value?: { data?: unknown } }) => value?.data ?? null,
      () => null,
    );
    await createInvoice(shop.test);
    expect(await ending).toBeNull();
    connection.dispose();
  });
});

describe('a WebSocket whose credentials are gone', () => {
  test('is closed with 4403 at the next event: a session that ended', async () => {
    const shop = await anotherShop();
    const token = await signIn(kit.platform, shop.email);
    const connection = connectWebSocket(kit.platform.url, token);
    const place = { projectId: shop.projectId, mode: 'TEST', after: BEGINNING } as const;
    const events = connection.iterate(operations.EventsDocument, place);
    await next(events);
    await kit.platform.api.as(token).send(operations.SessionEndDocument, {});
    await createInvoice(shop.test);
    expect(await connection.closed).toBe(4403);
    await expect(next(events)).rejects.toBeDefined();
    connection.dispose();
  });

  test('is closed with 4403 at the next event: a key that was revoked', async () => {
    const shop = await anotherShop();
    await createInvoice(shop.test);
    const connection = connectWebSocket(kit.platform.url, shop.testKey);
    const events = connection.iterate(operations.EventsDocument, { after: BEGINNING });
    await next(events);
    await kit.database.pool.query(
      `UPDATE api_key SET revoked_at = now() WHERE project_id = $1 AND mode = 'TEST'`,
      [rowIdOf(shop.projectId)],
    );
    await createInvoice(shop.owner, { projectId: shop.projectId, mode: 'TEST' });
    expect(await connection.closed).toBe(4403);
    connection.dispose();
  });

  test('is closed with 4403 at the next event: a member who was removed', async () => {
    const shop = await anotherShop();
    await createInvoice(shop.test);
    const connection = connectWebSocket(kit.platform.url, shop.sessionToken);
    const place = { projectId: shop.projectId, mode: 'TEST', after: BEGINNING } as const;
    const events = connection.iterate(operations.EventsDocument, place);
    await next(events);
    await kit.database.pool.query('DELETE FROM member WHERE merchant_id = $1', [rowIdOf(shop.merchantId)]);
    await createInvoice(shop.test);
    expect(await connection.closed).toBe(4403);
    connection.dispose();
  });

  test('is closed with 4403 at the next event, and so are its equals that share the execution', async () => {
    const shop = await anotherShop();
    const token = await signIn(kit.platform, shop.email);
    const place = { projectId: shop.projectId, mode: 'TEST' } as const;
    const connections = [1, 2].map(() => connectWebSocket(kit.platform.url, token));
    const firsts = connections.map((c) => next(c.iterate(operations.EventsDocument, place)));
    // Subscribing is told to nobody: invoices come until both have seen one.
    const seen = Promise.all(firsts);
    let done = false;
    void seen.then(() => (done = true));
    await expect.poll(async () => (await createInvoice(shop.test), done), { timeout: 10_000 }).toBe(true);
    await kit.platform.api.as(token).send(operations.SessionEndDocument, {});
    await createInvoice(shop.test);
    expect(await Promise.all(connections.map((c) => c.closed))).toEqual([4403, 4403]);
    for (const connection of connections) connection.dispose();
  });

  test('carries out no more operations', async () => {
    const shop = await anotherShop();
    const token = await signIn(kit.platform, shop.email);
    const connection = connectWebSocket(kit.platform.url, token);
    // The client ends a socket on which nothing runs.
    const place = { projectId: shop.projectId, mode: 'TEST', after: BEGINNING } as const;
    await next(connection.iterate(operations.EventsDocument, place));
    const before = await next(connection.iterate(operations.ViewerDocument, {}));
    expect(before.data?.viewer.email).toBe(shop.email);
    await kit.platform.api.as(token).send(operations.SessionEndDocument, {});
    const input = { projectId: shop.projectId, mode: 'LIVE', kind: 'SECRET', name: 'stolen' } as const;
    await expect(next(connection.iterate(operations.ApiKeyCreateDocument, { input }))).rejects.toBeDefined();
    expect(await connection.closed).toBe(4403);
    const { rows } = await kit.database.pool.query(`SELECT FROM api_key WHERE name = 'stolen'`);
    expect(rows).toEqual([]);
    connection.dispose();
  });

  test('is not opened at all with a made-up token', async () => {
    const connection = connectWebSocket(kit.platform.url, 'pbsk_test_made-up');
    const events = connection.iterate(operations.EventsDocument, {});
    await expect(next(events)).rejects.toMatchObject({ code: 4403 });
    connection.dispose();
  });
});

test('what a key may not see is not told to it: the making of keys', async () => {
  const shop = await anotherShop();
  await createInvoice(shop.test);
  const connection = connectWebSocket(kit.platform.url, shop.testKey);
  const first = await next(connection.iterate(operations.EventsDocument, { after: BEGINNING }));
  expect(first.data?.events.name).toBe('invoice.created');
  connection.dispose();
  const owners = connectWebSocket(kit.platform.url, shop.sessionToken);
  const place = { projectId: shop.projectId, mode: 'TEST', after: BEGINNING } as const;
  const told = await next(owners.iterate(operations.EventsDocument, place));
  expect(told.data?.events.name).toBe('api_key.created');
  owners.dispose();
});
