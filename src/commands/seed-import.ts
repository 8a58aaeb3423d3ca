// npm run seed:import <NETWORK> < words: seals the seed that the gateway signs with. What is read is never shown.
import { text } from 'node:stream/consumers';
import { createWalletSeeds } from '../adapters/db/wallet-seed-store.ts';
import { createSealer } from '../adapters/secrets/sealer.ts';
import { sealSeed } from '../adapters/signer/sealed-seed.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { loadConfig } from '../config/config.ts';
import { openDatabase } from '../server/compose/database.ts';
import { createLogger } from '../server/logging.ts';
import { createShutdown } from '../server/shutdown.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const [network] = process.argv.slice(2);
  const config = loadConfig(process.env);
  const settings = config.networks.find((each) => each.network === network);
  if (network === undefined || !settings) {
    const known = config.networks.map((each) => each.network).join('|');
    throw new Error(`Usage: npm run seed:import <NETWORK>, one of NETWORKS: ${known || 'it is empty'}`);
  }
  if (process.stdin.isTTY) console.log('The words of the mnemonic, then an empty line and Ctrl-D:');
  const sealed = await sealSeed(await text(process.stdin), {
    network,
    xpub: settings.xpub,
    sealer: createSealer(config.secretKey, config.previousSecretKeys),
  });
  const logger = createLogger('error');
  const shutdown = createShutdown(logger);
  try {
    const migrate = config.environment !== 'production';
    const { pool } = await openDatabase({ ...config.database, migrate }, shutdown, logger);
    await createWalletSeeds(pool).write(network, sealed, systemClock.now());
    console.log(`The seed of ${network} is stored, sealed with SECRET_KEY.`);
  } finally {
    await shutdown.run();
  }
});
