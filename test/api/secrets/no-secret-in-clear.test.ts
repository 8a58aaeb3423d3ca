import { Writable } from 'node:stream';
import { beforeAll, expect, test } from 'vitest';
import { openMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { createLogger } from '../../../src/server/logging.ts';
import { dump } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { formsOf, secretsIn, type Secret } from '../../testkit/secret-search.ts';
import { LOOPBACK_ENV } from '../webhook/webhook-shop.ts';
import { CANARIES } from './canaries.ts';
import { EVERY_SECRET, PASSWORD, prove, type SecretWorld } from './every-secret.ts';

/** No secret stands in clear in the database, its job queue included, or in the log of a whole run (QUALITY 32, 40). */

const clock = createMovableClock();
const logLines: string[] = [];
const log = createLogger(
  'debug',
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      logLines.push(chunk.toString('utf8'));
      done();
    },
  }),
);
const kit = usePlatform({ env: LOOPBACK_ENV, overrides: { clock, log } });
let world: SecretWorld;
beforeAll(async () => {
  world = { kit, clock, shop: await openMerchant(kit.platform, 'ada@shop.example') };
});

test('the search finds what it looks for, in each form and wherever it begins', () => {
  const secret = 'pbss_a-secret/with+odd characters ü';
  const bytes = Buffer.from(secret);
  const texts = [
    `"${secret}"`,
    encodeURIComponent(secret),
    `\\x${Buffer.from(`before${secret}`).toString('hex')}`,
    JSON.stringify({ bytes }),
    JSON.stringify(new Uint8Array(bytes)),
    ...['', 'a', 'ab', 'abc'].map((before) => Buffer.from(`${before}${secret}:`).toString('base64')),
    ...['', 'a', 'ab'].map((before) => Buffer.from(before + secret).toString('base64url')),
  ];
  for (const text of texts) expect(secretsIn(text, { it: [secret] }), text).toEqual(['it']);
  for (const text of texts.slice(2)) expect(secretsIn(text, { it: [bytes] }), text).toEqual(['it']);
  for (const text of ['(1,012345,"x")', '{"code":"012345"}', 'It is 012345.', 'is code_012345', ':012345-'])
    expect(secretsIn(text, { code: ['012345'] }), text).toEqual(['code']);
  const byChance = '10123456, a012345b, 0123450, 08:18:04.012345+00, 012345.5, \\x9012345f';
  expect(secretsIn(byChance, { code: ['012345'] })).toEqual([]);
  expect(formsOf('x'.repeat(20))).toContain('78'.repeat(20));
});

test('no secret stands in the database or in the log', async () => {
  const secrets: Record<string, readonly Secret[]> = {};
  for (const make of EVERY_SECRET) Object.assign(secrets, await make(world));
  for (const [name, values] of Object.entries(secrets)) {
    expect(values, name).not.toEqual([]);
    for (const value of values) expect(value.length, name).toBeGreaterThanOrEqual(6);
  }
  // A mail that waits keeps its job in the queue.
  kit.platform.mail.failNext({ code: 421 });
  const input = { email: 'waits@shop.example', password: PASSWORD, merchantName: 'Shop' };
  await kit.platform.api.send(operations.UserSignUpDocument, { input });
  await expect
    .poll(async () => (await dump(kit.database.pool))['graphile_worker._private_jobs'])
    .toMatch(/deliveryId/);

  const tables = await dump(kit.database.pool);
  for (const [table, text] of Object.entries(tables)) expect(secretsIn(text, secrets), table).toEqual([]);
  // Whoever forgets to make one finds an empty table here.
  for (const table of HELD) expect(tables[`public.${table}`], table).toMatch(/./);
  expect(logLines.length).toBeGreaterThan(0);
  expect(secretsIn(logLines.join(''), secrets)).toEqual([]);

  // The search was no empty one: whatever is written down somewhere is found there.
  await kit.database.pool.query('CREATE TABLE planted (word text, bytes bytea)');
  for (const value of Object.values(secrets).flat()) {
    const [word, bytes] = typeof value === 'string' ? [value, null] : [null, Buffer.from(value)];
    await kit.database.pool.query('INSERT INTO planted VALUES ($1, $2)', [word, bytes]);
    log.info({ planted: word ?? bytes?.toString('base64') }, 'planted');
  }
  const { 'public.planted': planted = '' } = await dump(kit.database.pool);
  expect(secretsIn(planted, secrets)).toEqual(Object.keys(secrets));
  expect(secretsIn(logLines.join(''), secrets)).toEqual(Object.keys(secrets));
  await kit.database.pool.query('DROP TABLE planted');
});

/** Tables that keep something of a secret: its hash, its sealed form, or the id that it is derived from. */
const HELD = [
  '"user"',
  'session',
  'user_token',
  'verification_code',
  'totp',
  'recovery_code',
  'two_factor_reset_request',
  'invitation',
  'api_key',
  'event',
  'audit_entry',
  'delivery',
  'notification',
  'webhook_secret',
  'delivery_attempt',
];

test('what strangers send as a secret is in no line of the log and in no row', async () => {
  const canaries: Record<string, readonly string[]> = {};
  const before = logLines.length;
  await prove(world);
  for (const [name, send] of Object.entries(CANARIES)) {
    const canary = `canary-${crypto.randomUUID()}`;
    // Where too many were tried the secret is not even looked at.
    expect(JSON.stringify(await send(canary, world)) ?? '', name).not.toMatch(/RATE_LIMITED|Too many/);
    canaries[name] = [canary];
  }
  const logged = logLines.slice(before).join('');
  expect(logged).toContain('request failed unexpectedly');
  expect(secretsIn(logged, canaries)).toEqual([]);
  for (const [table, text] of Object.entries(await dump(kit.database.pool)))
    expect(secretsIn(text, canaries), table).toEqual([]);
});
