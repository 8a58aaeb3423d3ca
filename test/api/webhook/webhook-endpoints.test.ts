import { beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, everythingTold, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { attempt, type Attempt } from '../../testkit/outcome.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetPresence, stepUp } from '../../testkit/sessions.ts';
import { make } from '../api-key/key-shop.ts';
import {
  create,
  deliveriesOf,
  endpointOf,
  endpointsOf,
  rotate,
  tryCreate,
  tryDelete,
  tryDisable,
  tryEnable,
  tryRotate,
  tryTest,
  tryUpdate,
} from './webhook-shop.ts';

/** Nothing is sent from here to anywhere: the addresses are of no one. */
const URL_OF_SHOP = 'https://shop.example/hooks?key=path-secret';
const kit = usePlatform();
const shops = { count: 0 };
let shop: DemoMerchant;
/** Manages webhooks of the shop in TEST mode. */
let key: ApiClient;
beforeEach(async () => {
  shop = await openShop(kit, `hooks${(shops.count += 1)}@shop.example`);
  const { projectId } = shop;
  const { secret } = await make(shop.owner, { projectId, scopes: ['WEBHOOK_READ', 'WEBHOOK_WRITE'] });
  key = kit.platform.api.as(secret);
});
const counts = () => rowCounts(kit.database.pool, ['webhook_endpoint', 'webhook_secret', 'event']);
const live = () => ({ projectId: shop.projectId, url: URL_OF_SHOP });
const dataOf = async (id: string) => {
  const { rows } = await kit.database.pool.query<{ data: Record<string, unknown> }>(
    'SELECT data FROM event WHERE subject_id = $1 ORDER BY txid, seq',
    [rowIdOf(id)],
  );
  return rows.map(({ data }) => data);
};

test('an endpoint is made, listed and found, and its secret is shown once', async () => {
  const made = await create(key, {
    url: URL_OF_SHOP,
    description: ' orders ',
    types: ['payment.*', 'deposit.credited', 'payment.*'],
    schedule: 'SHORT',
  });
  expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { secret, ...shown } = made;
  expect(shown).toMatchObject({
    mode: 'TEST',
    url: URL_OF_SHOP,
    description: 'orders',
    types: ['payment.*', 'deposit.credited'],
    schedule: 'SHORT',
    payloadVersion: '2026-11-21',
    status: 'ENABLED',
    disabledReason: null,
    revision: 0,
    secrets: [{ endsAt: null }],
  });
  expect(await endpointOf(key, made.id)).toEqual(shown);
  expect(await endpointsOf(key)).toEqual([shown]);
  expect(await endpointsOf(shop.owner, { projectId: shop.projectId, mode: 'TEST' })).toEqual([shown]);
  expect(await endpointsOf(shop.owner, { projectId: shop.projectId, mode: 'LIVE' })).toEqual([]);
  expect(JSON.stringify(await endpointsOf(key))).not.toContain(secret);
  expect(await eventTypes(kit.database.pool, made.id)).toEqual(['webhook_endpoint.created']);
  expect(await dataOf(made.id)).toEqual([
    { host: 'shop.example', description: 'orders', projectName: 'Corner Shop online' },
  ]);
  const plain = await create(key, { url: URL_OF_SHOP });
  expect(plain).toMatchObject({ description: null, types: [], schedule: 'LONG' });
});

test('its people are told by mail, of the host alone', async () => {
  const made = await create(shop.owner, live());
  accepted(await tryDisable(shop.owner, made.id), 'WebhookEndpoint');
  accepted(await tryDelete(shop.owner, made.id), 'WebhookEndpointDeletePayload');
  await everythingTold(kit.database.pool);
  const mails = kit.platform.mail.mails.filter(({ recipients }) => recipients.includes(shop.email));
  const texts = mails.map(({ parsed }) => parsed.text ?? '').filter((text) => text.includes('shop.example'));
  expect(texts.length).toBeGreaterThanOrEqual(3);
  for (const text of texts) expect(text).not.toContain('path-secret');
});

const FAULTS = [
  ['url', { url: 'http://10.0.0.1/' }],
  ['url', { url: 'https://user:word@shop.example/' }],
  ['url', { url: 'nowhere' }],
  ['description', { description: ' ' }],
  ['description', { description: 'two\nlines' }],
  ['description', { description: 'x'.repeat(201) }],
  ['types.1', { types: ['payment.captured', 'payment.unheard_of'] }],
  ['types.0', { types: ['*'] }],
  ['types.0', { types: ['endpoint.test.*'] }],
  ['payloadVersion', { payloadVersion: '2020-01-01' }],
] as const;

test('a fault is refused with its place, at the creation and later, and nothing is written', async () => {
  const made = await create(key, { url: URL_OF_SHOP });
  const before = await counts();
  for (const [path, fault] of FAULTS) {
    const input = { ...fault, ...('types' in fault ? { types: [...fault.types] } : {}) };
    const refused = { code: 'INVALID_INPUT', path: ['input', ...path.split('.')] };
    expect(await tryCreate(key, { url: URL_OF_SHOP, ...input }), path).toMatchObject(refused);
    const change = { webhookEndpointId: made.id, revision: 0, ...input };
    expect(await tryUpdate(key, change), path).toMatchObject(refused);
  }
  expect(await counts()).toEqual(before);
});

test('a change names the revision that it was decided on; of ten at once one is first', async () => {
  const { id } = await create(key, { url: URL_OF_SHOP, description: 'orders' });
  const first = await tryUpdate(key, { webhookEndpointId: id, revision: 0, types: ['payment.captured'] });
  expect(first).toMatchObject({ revision: 1, types: ['payment.captured'], description: 'orders' });
  expect(await tryUpdate(key, { webhookEndpointId: id, revision: 0, types: [] })).toMatchObject({
    code: 'WRONG_STATE',
    path: ['input', 'revision'],
  });
  expect(await tryUpdate(key, { webhookEndpointId: id, revision: 1 })).toMatchObject({
    code: 'INVALID_INPUT',
  });
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      tryUpdate(key, { webhookEndpointId: id, revision: 1, description: `of ${n}` }),
    ),
  );
  expect(answers.filter(({ __typename }) => __typename === 'WebhookEndpoint')).toHaveLength(1);
  expect(answers.filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE')).toHaveLength(9);
  expect(await endpointOf(key, id)).toMatchObject({ revision: 2, types: ['payment.captured'] });
  expect(await tryUpdate(key, { webhookEndpointId: id, revision: 2, description: null })).toMatchObject({
    description: null,
  });
  expect((await dataOf(id)).map(({ changed }) => changed)).toEqual([
    undefined,
    'types',
    'description',
    'description',
  ]);
});

test('another URL begins with a clean record', async () => {
  const { id } = await create(key, { url: URL_OF_SHOP });
  await kit.database.pool.query(
    `UPDATE webhook_endpoint SET failing_since = now(), warned_at = now(), silences = 5, paused_until = now() WHERE id = $1`,
    [rowIdOf(id)],
  );
  const kept = await tryUpdate(key, { webhookEndpointId: id, revision: 0, description: 'orders' });
  expect(kept).toMatchObject({ failingSince: expect.any(String), pausedUntil: expect.any(String) });
  const moved = await tryUpdate(key, { webhookEndpointId: id, revision: 1, url: 'https://new.example/' });
  expect(moved).toMatchObject({ failingSince: null, pausedUntil: null, url: 'https://new.example/' });
});

test('disabling and enabling by hand are safe to repeat; what waits ends, and a test is refused', async () => {
  const { id } = await create(key, { url: URL_OF_SHOP });
  await kit.database.pool.query(
    `UPDATE webhook_endpoint SET failing_since = now(), warned_at = now() WHERE id = $1`,
    [rowIdOf(id)],
  );
  const disabled = await tryDisable(key, id);
  expect(disabled).toMatchObject({ status: 'DISABLED', disabledReason: 'BY_HAND', revision: 1 });
  expect(await tryDisable(key, id)).toEqual(disabled);
  const before = await counts();
  expect(await tryTest(key, id)).toMatchObject({ code: 'WRONG_STATE' });
  expect(await counts()).toEqual(before);
  const enabled = await tryEnable(key, id);
  expect(enabled).toMatchObject({ status: 'ENABLED', disabledReason: null, failingSince: null, revision: 2 });
  expect(await tryEnable(key, id)).toEqual(enabled);
  expect(await eventTypes(kit.database.pool, id)).toEqual([
    'webhook_endpoint.created',
    'webhook_endpoint.updated',
    'webhook_endpoint.updated',
  ]);
  expect((await dataOf(id)).map(({ status }) => status)).toEqual([undefined, 'DISABLED', 'ENABLED']);
});

test('a deleted endpoint is gone with its secrets, and looks like one that never was', async () => {
  const { id } = await create(key, { url: URL_OF_SHOP });
  expect(await tryDelete(key, id)).toMatchObject({ webhookEndpointId: id });
  expect(await endpointOf(key, id)).toBeNull();
  expect(await endpointsOf(key)).toEqual([]);
  expect(await deliveriesOf(key, id)).toEqual([]);
  const before = await counts();
  for (const answer of [
    await tryDelete(key, id),
    await tryEnable(key, id),
    await tryDisable(key, id),
    await tryTest(key, id),
    await tryRotate(key, id, 0),
    await tryUpdate(key, { webhookEndpointId: id, revision: 0, types: [] }),
  ])
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
  expect(await counts()).toEqual(before);
  const { rows } = await kit.database.pool.query('SELECT FROM webhook_secret WHERE endpoint_id = $1', [
    rowIdOf(id),
  ]);
  expect(rows).toEqual([]);
});

describe('a rotation', () => {
  test('makes one new secret of ten at once; the old one signs along', async () => {
    const { id, secret } = await create(key, { url: URL_OF_SHOP });
    const answers = await Promise.all(Array.from({ length: 10 }, () => tryRotate(key, id, 0)));
    const made = answers.filter((answer) => answer.__typename === 'WebhookEndpointSecretRotatePayload');
    expect(made).toHaveLength(1);
    expect(made[0]?.secret).not.toBe(secret);
    for (const answer of answers)
      if (answer.__typename !== 'WebhookEndpointSecretRotatePayload')
        expect(answer).toMatchObject({ code: 'WRONG_STATE' });
    const endpoint = await endpointOf(key, id);
    expect(endpoint?.revision).toBe(1);
    expect(endpoint?.secrets.map(({ endsAt }) => endsAt)).toEqual([null, made[0]?.oldSecretEndsAt]);
    const [present] = endpoint?.secrets ?? [];
    const overlap = Date.parse(made[0]?.oldSecretEndsAt ?? '') - Date.parse(present?.createdAt ?? '');
    expect(overlap).toBe(24 * 3_600_000);
  });

  test('without overlap ends the old secret at once; four sign at most', async () => {
    const { id } = await create(key, { url: URL_OF_SHOP });
    const { webhookEndpoint } = await rotate(key, id, 0, 0);
    expect(webhookEndpoint.secrets).toHaveLength(1);
    for (const revision of [1, 2, 3]) await rotate(key, id, revision, 72);
    expect((await endpointOf(key, id))?.secrets).toHaveLength(4);
    const before = await counts();
    expect(await tryRotate(key, id, 4, 1)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await counts()).toEqual(before);
  });

  test('with an overlap beyond 72 hours is refused', async () => {
    const { id } = await create(key, { url: URL_OF_SHOP });
    const before = await counts();
    for (const hours of [-1, 73])
      expect(await tryRotate(key, id, 0, hours)).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'overlapHours'],
      });
    expect(await counts()).toEqual(before);
  });
});

test('a project has at most 20 endpoints in a mode, however many are made at once', async () => {
  for (let n = 0; n < 17; n += 1) await create(key, { url: URL_OF_SHOP });
  const answers = await Promise.all(Array.from({ length: 10 }, () => tryCreate(key, { url: URL_OF_SHOP })));
  const made = answers.filter((answer) => answer.__typename === 'WebhookEndpointCreatePayload');
  expect(made).toHaveLength(3);
  expect(answers.filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE')).toHaveLength(7);
  // The other mode counts by itself, and a deleted one does not count.
  await create(shop.owner, live());
  accepted(await tryDelete(key, made[0]?.webhookEndpoint.id ?? ''), 'WebhookEndpointDeletePayload');
  await create(key, { url: URL_OF_SHOP });
  const page = await key.send(operations.WebhookEndpointsDocument, { first: 7 });
  const next = await key.send(operations.WebhookEndpointsDocument, {
    first: 100,
    after: page.webhookEndpoints.pageInfo.endCursor,
  });
  const ids = [page, next].flatMap(({ webhookEndpoints }) =>
    webhookEndpoints.edges.map(({ node }) => node.id),
  );
  expect(new Set(ids).size).toBe(20);
  expect(ids).toEqual((await endpointsOf(key)).map(({ id }) => id));
});

test('an archived project gets no endpoint', async () => {
  accepted(
    (await shop.owner.send(operations.ProjectArchiveDocument, { input: { projectId: shop.projectId } }))
      .projectArchive,
    'Project',
  );
  const before = await counts();
  expect(await tryCreate(key, { url: URL_OF_SHOP })).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
  expect(await counts()).toEqual(before);
});

test('in LIVE mode a person proves to be there; in TEST mode, and of a key, it is not asked', async () => {
  const { id } = await create(shop.owner, live());
  const { pool } = kit.database;
  await forgetPresence(pool);
  const before = await counts();
  for (const answer of [
    await tryCreate(shop.owner, live()),
    await tryUpdate(shop.owner, { webhookEndpointId: id, revision: 0, url: 'https://thief.example/' }),
    await tryRotate(shop.owner, id, 0),
    await tryEnable(shop.owner, id),
  ])
    expect(answer).toMatchObject({ code: 'STEP_UP_REQUIRED' });
  expect(await counts()).toEqual(before);
  accepted(await tryCreate(shop.owner, { ...live(), mode: 'TEST' }), 'WebhookEndpointCreatePayload');
  // Whoever sees it misused must be quick.
  accepted(await tryDisable(shop.owner, id), 'WebhookEndpoint');
  await stepUp(pool, shop.sessionToken, new Date());
  accepted(await tryEnable(shop.owner, id), 'WebhookEndpoint');
});

describe('strangers', () => {
  const things = (webhookEndpointId: string): Readonly<Record<string, Attempt>> => ({
    update: attempt(operations.WebhookEndpointUpdateDocument, {
      input: { webhookEndpointId, revision: 0, url: 'https://thief.example/' },
    }),
    enable: attempt(operations.WebhookEndpointEnableDocument, { input: { webhookEndpointId } }),
    disable: attempt(operations.WebhookEndpointDisableDocument, { input: { webhookEndpointId } }),
    remove: attempt(operations.WebhookEndpointDeleteDocument, { input: { webhookEndpointId } }),
    rotate: attempt(operations.WebhookEndpointSecretRotateDocument, {
      input: { webhookEndpointId, revision: 0 },
    }),
    test: attempt(operations.WebhookEndpointTestDocument, { input: { webhookEndpointId } }),
    replay: attempt(operations.WebhookReplayDocument, {
      input: { webhookEndpointId, since: new Date().toISOString() },
    }),
    show: attempt(operations.WebhookEndpointDocument, { id: webhookEndpointId }),
  });

  test('cannot tell an endpoint from one that does not exist, and change nothing', async () => {
    const ours = await create(key, { url: URL_OF_SHOP });
    const stranger = await openShop(kit, `stranger${shops.count}@shop.example`);
    const nowhere = globalIdOf('WebhookEndpoint', '019a0000-0000-7000-8000-000000000000');
    const before = await counts();
    // A key without the right, and one of the other mode, are strangers too.
    for (const api of [stranger.owner, stranger.test, shop.live])
      for (const [name, attempted] of Object.entries(things(ours.id)))
        expect(await attempted(api), name).toEqual(await things(nowhere)[name]?.(api));
    const { webhookEndpointId, ...rest } = { webhookEndpointId: ours.id, revision: 0, url: URL_OF_SHOP };
    expect(await tryUpdate(shop.test, { webhookEndpointId, ...rest })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await tryCreate(stranger.owner, live())).toMatchObject({ code: 'NOT_FOUND' });
    expect(await counts()).toEqual(before);
  });

  test('a key may read by default, and write where it was asked for', async () => {
    const { id } = await create(key, { url: URL_OF_SHOP });
    const { secret, apiKey } = await make(shop.owner, { projectId: shop.projectId });
    expect(apiKey.scopes).toContain('WEBHOOK_READ');
    const reader = kit.platform.api.as(secret);
    expect((await endpointOf(reader, id))?.id).toBe(id);
    expect(await tryDelete(reader, id)).toMatchObject({ code: 'NOT_FOUND' });
    const writes = { projectId: shop.projectId, scopes: ['WEBHOOK_WRITE' as const] };
    const writer = kit.platform.api.as((await make(shop.owner, writes)).secret);
    expect((await create(writer, { url: URL_OF_SHOP })).secret).toMatch(/^whsec_/);
  });
});

test('the names of events are told with their meaning', async () => {
  const { webhookEventTypes } = await kit.platform.api.send(operations.WebhookEventTypesDocument, {});
  const names = webhookEventTypes.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['payment.captured', 'deposit.credited', 'endpoint.test']));
  expect(new Set(names).size).toBe(names.length);
  for (const { description } of webhookEventTypes) expect(description).toMatch(/\.$/);
});
