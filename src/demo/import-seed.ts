import { Pool } from 'pg';
import { createWalletSeeds } from '../adapters/db/wallet-seed-store.ts';
import { createSealer } from '../adapters/secrets/sealer.ts';
import { sealSeed } from '../adapters/signer/sealed-seed.ts';
import type { Config } from '../config/config.ts';

/** A seed that a gateway is to sign with, as `npm run seed:import` takes it. */
export interface DemoSeed {
  readonly network: string;
  readonly mnemonic: string;
}

/** Imports the seed into the gateway's database. Throws Error when it is not that of the network's xpub. */
export async function importSeed(
  { network, mnemonic }: DemoSeed,
  { networks, secretKey }: Pick<Config, 'networks' | 'secretKey'>,
  databaseUrl: string,
): Promise<void> {
  const settings = networks.find((each) => each.network === network);
  if (!settings) throw new Error(`${network} is not in NETWORKS`);
  const sealed = await sealSeed(mnemonic, {
    network,
    xpub: settings.xpub,
    sealer: createSealer(secretKey),
  });
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  try {
    await createWalletSeeds(pool).write(network, sealed, new Date());
  } finally {
    await pool.end();
  }
}
