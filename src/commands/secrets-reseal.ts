// npm run secrets:reseal: seals with SECRET_KEY what one of PREVIOUS_SECRET_KEYS sealed. Gateways may run meanwhile.
import { Pool } from 'pg';
import { createSealedSecrets } from '../adapters/db/sealed-secrets.ts';
import { createSealer } from '../adapters/secrets/sealer.ts';
import { loadConfig } from '../config/config.ts';
import { secretsReseal } from '../usecases/secret/secrets-reseal.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const { database, secretKey, previousSecretKeys } = loadConfig(process.env);
  if (database.url === null)
    throw new Error('Set DATABASE_URL to the database whose secrets are to be sealed.');
  const pool = new Pool({ connectionString: database.url, max: 1 });
  try {
    const { resealed, unreadable } = await secretsReseal({
      sealed: createSealedSecrets(pool),
      sealer: createSealer(secretKey, previousSecretKeys),
    })();
    console.log(`Sealed ${resealed} secrets anew.`);
    if (unreadable.length === 0) return;
    const some = unreadable.slice(0, 10).map(({ purpose, rowId }) => `${purpose} ${rowId}`);
    throw new Error(`None of the keys opens ${unreadable.length} secrets: ${some.join(', ')}`);
  } finally {
    await pool.end();
  }
});
