import { beforeEach, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, tryInvoice } from '../../testkit/shop.ts';
import { make, rotate, tryRotate, tryUpdate, works } from './key-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const counts = () => rowCounts(kit.database.pool, ['api_key', 'event', 'withdrawal_hold']);
const shops = { count: 0 };
let shop: DemoMerchant;
beforeEach(async () => {
  shop = await openMerchant(kit.platform, `rotate${(shops.count += 1)}@shop.example`);
});
/** The owner, signed in at the moment that it is now. */
const owner = async () => kit.platform.api.as(await signIn(kit.platform, shop.email));

test('both keys work until the overlap is over, then the new one alone', async () => {
  const settings = { scopes: ['PROJECT_READ'], ipRanges: ['127.0.0.0/8'] } as const;
  const old = await make(shop.owner, {
    projectId: shop.projectId,
    name: 'till',
    scopes: [...settings.scopes],
    ipRanges: [...settings.ipRanges],
  });
  const made = await rotate(shop.owner, old.apiKey.id, 2);
  expect(made.apiKey).toMatchObject({ ...settings, name: 'till', mode: 'TEST', kind: 'SECRET' });
  expect(made.apiKey).toMatchObject({ expiresAt: null, rotatedTo: null, revokedAt: null });
  expect(made.secret).not.toBe(old.secret);
  expect(Date.parse(made.endsAt) - Date.parse(made.apiKey.createdAt)).toBe(2 * 3_600_000);

  const { project } = await shop.owner.send(operations.ApiKeyListDocument, { id: shop.projectId });
  const listed = project?.apiKeys.edges.find(({ node }) => node.id === old.apiKey.id)?.node;
  expect(listed).toMatchObject({ expiresAt: made.endsAt, rotatedTo: made.apiKey.id, revokedAt: null });
  expect(await eventTypes(kit.database.pool, old.apiKey.id)).toEqual(['api_key.created', 'api_key.rotated']);

  clock.advance({ hours: 2, seconds: -600 });
  expect(await works(kit.platform.api, old.secret)).toBe(true);
  expect(await works(kit.platform.api, made.secret)).toBe(true);
  clock.advance({ seconds: 600 });
  expect(await works(kit.platform.api, old.secret)).toBe(false);
  expect(await works(kit.platform.api, made.secret)).toBe(true);
  const late = await tryUpdate(await owner(), { apiKeyId: old.apiKey.id, name: 'late' });
  expect(late).toMatchObject({ code: 'WRONG_STATE' });
});

test('without overlap the old key ends at once', async () => {
  const made = await rotate(shop.owner, (await make(shop.owner, { projectId: shop.projectId })).apiKey.id, 0);
  const again = await rotate(shop.owner, made.apiKey.id, 0);
  expect(await works(kit.platform.api, made.secret)).toBe(false);
  expect(await works(kit.platform.api, again.secret)).toBe(true);
});

test('a key has one successor, however many ask at once; the next is the successor’s', async () => {
  const old = await make(shop.owner, { projectId: shop.projectId });
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => tryRotate(shop.owner, old.apiKey.id, 168)),
  );
  const made = answers.filter((answer) => answer.__typename === 'ApiKeyRotatePayload');
  expect(made).toHaveLength(1);
  for (const answer of answers)
    if (answer.__typename !== 'ApiKeyRotatePayload') expect(answer).toMatchObject({ code: 'WRONG_STATE' });
  const before = await counts();
  expect(await tryRotate(shop.owner, old.apiKey.id, 0)).toMatchObject({ code: 'WRONG_STATE' });
  expect(await counts()).toEqual(before);
  const next = await rotate(shop.owner, made[0]?.apiKey.id ?? '', 1);
  // An older key of the chain keeps its own end.
  clock.advance({ hours: 2 });
  expect(await works(kit.platform.api, old.secret)).toBe(true);
  expect(await works(kit.platform.api, made[0]?.secret ?? '')).toBe(false);
  expect(await works(kit.platform.api, next.secret)).toBe(true);
});

test.each([-1, 169, 2_147_483_647])('an overlap of %i hours is refused', async (hours) => {
  const { apiKey } = await make(shop.owner, { projectId: shop.projectId });
  const before = await counts();
  expect(await tryRotate(shop.owner, apiKey.id, hours)).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['input', 'overlapHours'],
  });
  expect(await counts()).toEqual(before);
});

test('a successor never gets back what is taken from the key meanwhile', async () => {
  const { apiKey } = await make(shop.owner, { projectId: shop.projectId });
  const { pool } = kit.database;
  const narrowing = await pool.connect();
  await narrowing.query('BEGIN');
  await narrowing.query(`UPDATE api_key SET scopes = '{project:read}' WHERE id = $1`, [rowIdOf(apiKey.id)]);
  const rotating = rotate(shop.owner, apiKey.id, 1);
  const waiting = async () => (await pool.query('SELECT FROM pg_locks WHERE NOT granted')).rows.length > 0;
  await expect.poll(waiting, { timeout: 10_000 }).toBe(true);
  await narrowing.query('COMMIT');
  narrowing.release();
  expect((await rotating).apiKey.scopes).toEqual(['PROJECT_READ']);
});

test('a key that ended opens nothing, whoever asks for it', async () => {
  const old = await make(shop.owner, { projectId: shop.projectId });
  const api = kit.platform.api.as(old.secret);
  // Longer than the time that passes here: no worker ends it meanwhile.
  await createInvoice(api, { lifetimeSeconds: 7_200 });
  accepted(await tryRotate(shop.owner, old.apiKey.id, 1), 'ApiKeyRotatePayload');
  clock.advance({ hours: 1 });
  const before = await counts();
  await expect(tryInvoice(api, {})).rejects.toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(await counts()).toEqual(before);
});
