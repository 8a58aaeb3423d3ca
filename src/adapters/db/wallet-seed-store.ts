import type { Pool } from 'pg';
import type { WalletSeeds } from '../../usecases/ports/wallet-seeds.ts';

const READ = 'SELECT sealed_seed FROM wallet_seed WHERE network = $1';

const WRITE = `
  INSERT INTO wallet_seed (network, sealed_seed, created_at) VALUES ($1, $2, $3)
  ON CONFLICT (network) DO UPDATE SET sealed_seed = excluded.sealed_seed, created_at = excluded.created_at`;

export const createWalletSeeds = (pool: Pool): WalletSeeds => ({
  async read(network) {
    const { rows } = await pool.query<{ sealed_seed: Uint8Array }>({
      name: 'wallet_seed',
      text: READ,
      values: [network],
    });
    return rows[0]?.sealed_seed ?? null;
  },

  async write(network, sealedSeed, at) {
    await pool.query(WRITE, [network, Buffer.from(sealedSeed), at]);
  },
});
