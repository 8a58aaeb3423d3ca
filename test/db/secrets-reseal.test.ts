import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTwoFactorStore } from '../../src/adapters/db/two-factor-store.ts';
import { createWalletSeeds } from '../../src/adapters/db/wallet-seed-store.ts';
import { createSealer } from '../../src/adapters/secrets/sealer.ts';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query('ALTER TABLE webhook_secret DROP CONSTRAINT webhook_secret_endpoint_id_fkey');
});
afterAll(() => database.drop());

const [OLD, PRESENT, LOST] = [randomBytes(32), randomBytes(32), randomBytes(32)];

/** A person whose authenticator's secret was sealed with this key. */
async function personSealedWith(key: Uint8Array, secret: string): Promise<string> {
  const userId = uuidSource.next();
  await database.pool.query(
    `INSERT INTO "user" (id, email, email_key, password_hash, created_at) VALUES ($1, $2, $2, 'none', now())`,
    [userId, `${userId}@shop.example`],
  );
  const sealed = createSealer(key).seal('totp', userId, Buffer.from(secret));
  await createTwoFactorStore(database.pool, uuidSource).beginTotp(userId, sealed, new Date());
  return userId;
}

/** A signing secret of an endpoint that was sealed with this key. */
async function signingSecretSealedWith(key: Uint8Array, secret: string): Promise<string> {
  const id = uuidSource.next();
  await database.pool.query(
    `INSERT INTO webhook_secret (id, endpoint_id, sealed_secret, created_at) VALUES ($1, $1, $2, now())`,
    [id, createSealer(key).seal('WEBHOOK_SECRET', id, Buffer.from(secret))],
  );
  return id;
}

/** The seed of a network's wallet that was sealed with this key. */
const seedSealedWith = (key: Uint8Array, network: string, seed: string): Promise<void> =>
  createWalletSeeds(database.pool).write(
    network,
    createSealer(key).seal('wallet-seed', network, Buffer.from(seed)),
    new Date(),
  );

async function seedOf(network: string, key: Uint8Array): Promise<string> {
  const sealed = (await createWalletSeeds(database.pool).read(network)) ?? Buffer.alloc(0);
  return Buffer.from(createSealer(key).open('wallet-seed', network, sealed)).toString();
}

const reseal = () =>
  spawnSync(process.execPath, ['src/commands/secrets-reseal.ts'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      SECRET_KEY: PRESENT.toString('base64'),
      PREVIOUS_SECRET_KEYS: `${randomBytes(32).toString('base64')}, ${OLD.toString('base64')}`,
    },
  });

async function secretOf(userId: string, key: Uint8Array): Promise<string> {
  const { rows } = await database.pool.query<{ sealed_secret: Buffer }>(
    'SELECT sealed_secret FROM totp WHERE user_id = $1',
    [userId],
  );
  const sealed = rows[0]?.sealed_secret ?? Buffer.alloc(0);
  return Buffer.from(createSealer(key).open('totp', userId, sealed)).toString();
}

test('secrets:reseal seals anew what a former key sealed, and says what no key opens', async () => {
  const former = await Promise.all(['one', 'two', 'three'].map((secret) => personSealedWith(OLD, secret)));
  const present = await personSealedWith(PRESENT, 'four');
  const signing = await signingSecretSealedWith(OLD, 'whsec_five');
  await seedSealedWith(OLD, 'ETHEREUM', 'six');
  await seedSealedWith(PRESENT, 'LITECOIN', 'seven');
  const first = reseal();
  expect([first.status, first.stdout, first.stderr]).toEqual([0, 'Sealed 5 secrets anew.\n', '']);
  expect([await seedOf('ETHEREUM', PRESENT), await seedOf('LITECOIN', PRESENT)]).toEqual(['six', 'seven']);
  expect(await Promise.all(former.map((userId) => secretOf(userId, PRESENT)))).toEqual([
    'one',
    'two',
    'three',
  ]);
  expect(await secretOf(present, PRESENT)).toBe('four');
  const { rows } = await database.pool.query<{ sealed_secret: Buffer }>(
    'SELECT sealed_secret FROM webhook_secret WHERE id = $1',
    [signing],
  );
  const sealed = rows[0]?.sealed_secret ?? Buffer.alloc(0);
  expect(Buffer.from(createSealer(PRESENT).open('WEBHOOK_SECRET', signing, sealed)).toString()).toBe(
    'whsec_five',
  );
  expect(reseal().stdout).toBe('Sealed 0 secrets anew.\n');

  const lost = await personSealedWith(LOST, 'five');
  const last = reseal();
  expect(last.status).toBe(1);
  expect(last.stderr).toContain(`totp ${lost}`);
  for (const line of [last.stdout, last.stderr]) {
    for (const key of [OLD, PRESENT]) expect(line).not.toContain(key.toString('base64'));
  }
  expect(await secretOf(lost, LOST)).toBe('five');
});
