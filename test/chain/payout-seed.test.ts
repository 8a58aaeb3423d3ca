import { execFile } from 'node:child_process';
import { parseEther } from 'viem';
import { expect, test } from 'vitest';
import { evmHotAddress } from '../../src/adapters/chain/derivation/hot-address.ts';
import { createWalletSeeds } from '../../src/adapters/db/wallet-seed-store.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { MERCHANT_MNEMONIC } from '../../src/demo/local-chain/local-chain.ts';
import { bookAvailable, insertPayout } from '../api/payout-rules/fiat-shop.ts';
import { globalIdOf } from '../testkit/facts.ts';
import { usePlatform } from '../testkit/platform.ts';
import { nodeOf, PAYEE } from './evm-readers.ts';

const kit = usePlatform({ chain: true, seeds: [] });
const AMOUNT = parseEther('0.25');
const OTHERS = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above';

/** `npm run seed:import ETHEREUM` with these words; what it says. */
function importSeed(words: string): Promise<{ readonly failed: boolean; readonly said: string }> {
  const { platform, database } = kit;
  const env = {
    ...process.env,
    ...platform.env,
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
  };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['src/commands/seed-import.ts', 'ETHEREUM'],
      { env },
      (error, stdout, stderr) => resolve({ failed: error !== null, said: stdout + stderr }),
    );
    child.stdin?.end(words);
  });
}

async function queue(): Promise<string> {
  const { pool } = kit.database;
  const merchantId = ids.next();
  await pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [merchantId],
  );
  await bookAvailable(pool, globalIdOf('Merchant', merchantId), 'ETH', AMOUNT);
  const target = { kind: 'CRYPTO', network: 'ETHEREUM', address: PAYEE } as const;
  return (
    await insertPayout(pool, {
      merchantId,
      target,
      currency: 'ETH',
      debited: AMOUNT,
      fee: 0n,
      arrives: AMOUNT,
    })
  ).id;
}

test('payouts wait for the seed of the network, and no other one is taken', { timeout: 60_000 }, async () => {
  const { pool } = kit.database;
  const { chain } = kit.platform;
  if (!chain) throw new Error('there is no chain');
  const payoutOf = async (id: string) =>
    (await pool.query('SELECT status, waits_for AS "waitsFor" FROM payout WHERE id = $1', [id])).rows[0];
  const id = await queue();
  const missing = { status: 'QUEUED', waitsFor: 'SIGNER_MISSING' };
  await expect.poll(() => payoutOf(id), { timeout: 10_000 }).toEqual(missing);
  const metrics = await (await fetch(`${kit.platform.url}/metrics`)).text();
  expect(metrics).toContain('paybell_payouts_waiting{network="ETHEREUM",reason="SIGNER_MISSING",lacks=""} 1');

  const refused = await importSeed(OTHERS);
  expect(refused.failed).toBe(true);
  expect(refused.said).toContain('the seed is not that of the extended public key of ETHEREUM');
  for (const word of OTHERS.split(' ')) expect(refused.said).not.toContain(word);
  expect(await createWalletSeeds(pool).read('ETHEREUM')).toBeNull();

  // Sealed by nobody here.
  await createWalletSeeds(pool).write('ETHEREUM', new Uint8Array(64), new Date());
  expect(await payoutOf(id)).toEqual(missing);

  await chain.sendNative(evmHotAddress(chain.xpub), parseEther('1'));
  const before = await nodeOf(chain).client.getBalance({ address: PAYEE });
  expect(await importSeed(`  ${MERCHANT_MNEMONIC.toUpperCase()}\n`)).toMatchObject({ failed: false });
  await expect
    .poll(
      async () => {
        await chain.mine(1);
        return await payoutOf(id);
      },
      { timeout: 30_000 },
    )
    .toEqual({ status: 'CONFIRMED', waitsFor: null });
  expect((await nodeOf(chain).client.getBalance({ address: PAYEE })) - before).toBe(AMOUNT);
});
