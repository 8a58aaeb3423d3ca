import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { migrateJobs } from '../../../src/adapters/jobs/job-migrations.ts';
import type { EventType } from '../../../src/domain/event/catalogue.ts';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { openOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { newEvent, recordingLogger, writeEvents } from '../../bus/bus-fixture.ts';

/** Without a worker: what is to be sent waits. */
const kit = usePlatform({ env: { ROLES: 'api' } });
const ADDRESS = 'ada@shop.example';
let shop: DemoMerchant;
let theirs: DemoMerchant;
let userId: string;
beforeAll(async () => {
  await migrateJobs(kit.database.url, recordingLogger());
  shop = await openShop(kit, ADDRESS);
  theirs = await openShop(kit, 'bob@other.example');
  userId = rowIdOf((await shop.owner.send(operations.ViewerDocument, {})).viewer.id);
});
beforeEach(async () => {
  await kit.database.pool.query('DELETE FROM delivery; DELETE FROM attempt_count');
});

interface Facts {
  readonly channel: 'EMAIL' | 'SMS' | 'INFO_BOT' | 'MERCHANT_BOT';
  readonly target: string;
  readonly userId: string | null;
  readonly merchantId: string | null;
  readonly type: EventType;
  readonly status: 'PENDING' | 'SENT' | 'FAILED' | 'UNKNOWN';
  readonly data: Record<string, string>;
  readonly digestOf: string | null;
  readonly error: string;
}

/** A delivery with its event, as it stands after attempts; gives its global id. */
async function add(facts: Partial<Facts> = {}): Promise<string> {
  const { channel = 'EMAIL', target = ADDRESS, type = 'user.password_changed', status = 'FAILED' } = facts;
  const { userId: person = userId, merchantId = null, data = {}, digestOf = null, error = 'refused' } = facts;
  const { pool } = kit.database;
  const event = newEvent({ type, merchantId, mode: null, data, subject: { type: 'USER', id: userId } });
  await writeEvents(pool, event);
  const id = v7();
  await pool.query(
    `INSERT INTO delivery (id, event_id, channel, target, user_id, merchant_id, event_type, status, attempts, last_error,
       digest_key, digest_id, created_at)
     VALUES ($1, $2, $3::"Channel", $4, $5, $6, $7, $8::"DeliveryStatus", 9, $9, 'key', $10, now())`,
    [id, event.id, channel, target, person, merchantId, type, status, error, digestOf && rowIdOf(digestOf)],
  );
  return globalIdOf('Delivery', id);
}

const list = async (filter: operations.DeliveryFilter = {}, api: ApiClient = shop.owner) =>
  (await api.send(operations.DeliveriesDocument, { first: 100, filter })).deliveries.edges.map(
    ({ node }) => node,
  );
const ids = async (filter: operations.DeliveryFilter = {}) => (await list(filter)).map(({ id }) => id);
const retry = async (deliveryId: string, api: ApiClient = shop.owner) =>
  (await api.send(operations.DeliveryRetryDocument, { input: { deliveryId } })).outcome;
const rows = async () =>
  (await kit.database.pool.query('SELECT * FROM delivery ORDER BY id')).rows as Record<string, unknown>[];
const jobs = async () => {
  const { rows: found } = await kit.database.pool.query<{ key: string }>(
    'SELECT key FROM graphile_worker.jobs ORDER BY key',
  );
  return found.map(({ key }) => globalIdOf('Delivery', key));
};

describe('the log of a person', () => {
  test('has the own messages, filtered, with bound cursors', async () => {
    const mail = await add({ status: 'SENT' });
    const lead = await add({ status: 'UNKNOWN', channel: 'INFO_BOT', target: '12345' });
    const part = await add({ digestOf: lead, status: 'UNKNOWN', channel: 'INFO_BOT', target: '12345' });
    const failed = await add({ type: 'session.created' });
    await add({ userId: rowIdOf((await theirs.owner.send(operations.ViewerDocument, {})).viewer.id) });
    await add({ userId: null });
    expect(await ids()).toEqual([failed, part, lead, mail]);
    expect(await ids({ status: 'FAILED' })).toEqual([failed]);
    expect(await ids({ status: 'UNKNOWN' })).toEqual([part, lead]);
    expect(await ids({ status: 'PENDING' })).toEqual([]);
    expect(await ids({ channel: 'EMAIL' })).toEqual([failed, mail]);
    expect(await ids({ type: 'SESSION_CREATED' })).toEqual([failed]);
    expect(await ids({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect(await ids({ until: new Date(Date.now() + 60_000).toISOString() })).toHaveLength(4);
    expect((await list())[1]).toMatchObject({ digestOf: lead, target: '12345', attempts: 9 });
    const first = await shop.owner.send(operations.DeliveriesDocument, { first: 1 });
    const after = first.deliveries.edges[0]?.cursor ?? '';
    const second = await shop.owner.send(operations.DeliveriesDocument, { first: 1, after });
    expect(second.deliveries.edges.map(({ node }) => node.id)).toEqual([part]);
    const elsewhere = shop.owner.send(operations.DeliveriesDocument, { after, filter: { status: 'FAILED' } });
    expect(await errorCodes(elsewhere)).toEqual(['INVALID_INPUT']);
    expect(await errorCodes(theirs.owner.send(operations.DeliveriesDocument, { after }))).toEqual([
      'INVALID_INPUT',
    ]);
  });

  test('hides what a merchant told from who may not hear of it any more', async () => {
    const own = await add({ merchantId: rowIdOf(shop.merchantId), type: 'invoice.paid' });
    const former = await add({ merchantId: rowIdOf(theirs.merchantId), type: 'invoice.paid' });
    expect(await ids()).toEqual([own]);
    const before = await rows();
    expect(await retry(former)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await shop.owner.send(operations.NodeDocument, { id: former })).node).toBeNull();
    expect((await theirs.owner.send(operations.NodeDocument, { id: own })).node).toBeNull();
    expect(await rows()).toEqual(before);
  });
});

describe('the log of operators', () => {
  test("has everybody's that did not arrive, masked", async () => {
    const { api } = await openOperator(kit.platform, kit.database, 'SUPPORT');
    await add({ status: 'SENT' });
    await add({ status: 'PENDING' });
    const mail = await add({ error: `550 <${ADDRESS}> unknown, ${ADDRESS.toUpperCase()}` });
    const chat = await add({ status: 'UNKNOWN', channel: 'INFO_BOT', target: '987654321', userId: null });
    const all = async (filter: operations.DeliveryFilter = {}) =>
      (await api.send(operations.AllDeliveriesDocument, { filter })).allDeliveries.edges.map(
        ({ node }) => node,
      );
    expect(await all()).toEqual([
      { id: chat, channel: 'INFO_BOT', target: '…321', status: 'UNKNOWN', lastError: 'refused' },
      {
        id: mail,
        channel: 'EMAIL',
        target: 'a…@shop.example',
        status: 'FAILED',
        lastError: '550 <a…@shop.example> unknown, a…@shop.example',
      },
    ]);
    expect((await all({ status: 'UNKNOWN' })).map(({ id }) => id)).toEqual([chat]);
    expect(await all({ status: 'SENT' })).toEqual([]);
    expect(await errorCodes(shop.owner.send(operations.AllDeliveriesDocument, {}))).toEqual(['FORBIDDEN']);
    expect(await retry(mail, api)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('sending again by hand', () => {
  test('takes it back into the queue with its job, once', async () => {
    for (const status of ['FAILED', 'UNKNOWN'] as const) {
      const id = await add({ status });
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => retry(id)));
      const done = outcomes.filter(({ __typename }) => __typename === 'Delivery');
      expect(done).toEqual([
        { __typename: 'Delivery', id, status: 'PENDING', attempts: 0, nextAttemptAt: expect.any(String) },
      ]);
      expect(outcomes.filter((outcome) => 'code' in outcome && outcome.code === 'WRONG_STATE')).toHaveLength(
        9,
      );
      expect(await jobs()).toContain(id);
    }
  });

  test('takes all that was one message, asked for any part of it', async () => {
    const lead = await add();
    const parts = [await add({ digestOf: lead }), await add({ digestOf: lead })];
    expect(await retry(parts[0] ?? '')).toMatchObject({ status: 'PENDING' });
    const { rows: found } = await kit.database.pool.query(
      `SELECT DISTINCT status, digest_id, digest_key FROM delivery`,
    );
    expect(found).toEqual([{ status: 'PENDING', digest_id: null, digest_key: 'key' }]);
    expect(await jobs()).toEqual(expect.arrayContaining([lead, ...parts]));
  });

  test('is refused where it would be wrong, and then changes nothing', async () => {
    const refused: [string, RegExp][] = [
      [await add({ status: 'SENT' }), /was sent/],
      [await add({ status: 'PENDING' }), /on its way/],
      [await add({ target: 'former@shop.example' }), /not yours any more/],
      [await add({ channel: 'INFO_BOT', target: '5' }), /not yours any more/],
      [await add({ type: 'user.two_factor_code_requested', data: { codeId: v7() } }), /is over/],
      [await add({ type: 'user.password_reset_requested', data: { tokenId: v7() } }), /is over/],
    ];
    const before = [await rows(), await jobs()];
    for (const [id, message] of refused) {
      const outcome = await retry(id);
      expect(outcome).toMatchObject({ code: 'WRONG_STATE', message: expect.stringMatching(message) });
    }
    expect(await retry(globalIdOf('Delivery', v7()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await retry(refused[0]?.[0] ?? '', theirs.owner)).toMatchObject({ code: 'NOT_FOUND' });
    expect([await rows(), await jobs()]).toEqual(before);
  });

  test('goes to an address that the event itself names, and to a chat that is still connected', async () => {
    const named = await add({
      type: 'user.email_changed',
      target: 'old@shop.example',
      data: { oldEmail: 'old@shop.example' },
    });
    expect(await retry(named)).toMatchObject({ status: 'PENDING' });
    await kit.database.pool.query(
      `INSERT INTO telegram_link (id, bot, user_id, chat_id, token_hash, token_expires_at, created_at, connected_at)
       VALUES ($1, 'INFO', $2, 77, sha256('x'), now(), now(), now())`,
      [v7(), userId],
    );
    expect(await retry(await add({ channel: 'INFO_BOT', target: '77' }))).toMatchObject({
      status: 'PENDING',
    });
  });

  test('is bounded', async () => {
    const many = await Promise.all(Array.from({ length: 21 }, () => add()));
    for (const id of many.slice(0, 20)) expect(await retry(id)).toMatchObject({ status: 'PENDING' });
    expect(await errorCodes(retry(many[20] ?? ''))).toEqual(['RATE_LIMITED']);
    expect((await rows()).filter(({ status }) => status === 'PENDING')).toHaveLength(20);
  });
});
