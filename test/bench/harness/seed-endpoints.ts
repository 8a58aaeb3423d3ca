import pg from 'pg';
import { v7 } from 'uuid';
import { createSealer } from '../../../src/adapters/secrets/sealer.ts';
import { createWebhookSigner } from '../../../src/adapters/webhook/webhook-signer.ts';
import { NEWEST_PAYLOAD_VERSION } from '../../../src/domain/webhook/payload-version.ts';
import { WEBHOOK_SEAL } from '../../../src/usecases/webhook/webhook-endpoint-writing.ts';
import { MERCHANT_ID, SHOPS } from './seed-merchant.ts';

/** Webhook endpoints of the plain shop, whose secrets are sealed with the key. */
export async function seedEndpoints(
  databaseUrl: string,
  secretKey: Uint8Array,
  urls: readonly string[],
): Promise<void> {
  const sealer = createSealer(secretKey);
  const signer = createWebhookSigner();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const url of urls) {
      const [endpointId, secretId] = [v7(), v7()];
      const secret = new TextEncoder().encode(signer.newSecret());
      await client.query(
        `INSERT INTO webhook_endpoint (id, merchant_id, project_id, mode, url, payload_version, created_at)
         VALUES ($1, $2, $3, 'LIVE', $4, $5, now())`,
        [endpointId, MERCHANT_ID, SHOPS.plain.projectId, url, NEWEST_PAYLOAD_VERSION],
      );
      await client.query(
        'INSERT INTO webhook_secret (id, endpoint_id, sealed_secret, created_at) VALUES ($1, $2, $3, now())',
        [secretId, endpointId, sealer.seal(WEBHOOK_SEAL, secretId, secret)],
      );
    }
  } finally {
    await client.end();
  }
}
