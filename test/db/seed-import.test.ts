import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import { mnemonicToSeedSync } from '@scure/bip39';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWalletSeeds } from '../../src/adapters/db/wallet-seed-store.ts';
import { createSealer } from '../../src/adapters/secrets/sealer.ts';
import { createLocalSigner } from '../../src/adapters/signer/local-signer.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const OTHER = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above';
const xpub = HDKey.fromMasterSeed(mnemonicToSeedSync(MNEMONIC)).derive("m/44'/60'/0'").publicExtendedKey;
const key = randomBytes(32);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const imported = (network: string, input: string) =>
  spawnSync(process.execPath, ['src/commands/seed-import.ts', network], {
    encoding: 'utf8',
    input,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      SECRET_KEY: key.toString('base64'),
      NETWORKS: JSON.stringify([{ network: 'ETHEREUM', rpcUrl: 'http://127.0.0.1:9', xpub }]),
    },
  });

test('a seed is read, checked, sealed and never shown', async () => {
  const { stdout, stderr, status } = imported(
    'ETHEREUM',
    `  ${MNEMONIC.replace(' ', '\n').toUpperCase()}\n\n`,
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toBe('The seed of ETHEREUM is stored, sealed with SECRET_KEY.\n');
  const seeds = createWalletSeeds(database.pool);
  const signer = await createLocalSigner({ network: 'ETHEREUM', xpub, seeds, sealer: createSealer(key) });
  expect(signer.network).toBe('ETHEREUM');
  const sealed = Buffer.from((await seeds.read('ETHEREUM')) ?? []);
  expect(sealed.includes(Buffer.from(mnemonicToSeedSync(MNEMONIC)).subarray(0, 8))).toBe(false);
});

test.each([
  ['ETHEREUM', OTHER, 'not that of the extended public key of ETHEREUM'],
  ['ETHEREUM', 'winner winner winner', 'not the words of a mnemonic'],
  ['CRONOS', MNEMONIC, 'Usage: npm run seed:import'],
])('what does not fit is told and changes nothing: %s', async (network, words, told) => {
  const seeds = createWalletSeeds(database.pool);
  const before = await seeds.read('ETHEREUM');
  const { stdout, stderr, status } = imported(network, words);
  expect(status).toBe(1);
  expect(stderr).toContain(told);
  expect(`${stdout}${stderr}`).not.toMatch(/winner|letter|xpub/);
  expect(await seeds.read('ETHEREUM')).toEqual(before);
  expect(await seeds.read('CRONOS')).toBeNull();
});
