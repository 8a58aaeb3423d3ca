import { createHash } from 'node:crypto';
import pg from 'pg';
import { API_KEY_PREFIX } from '../../../src/domain/access/api-key.ts';
import { API_KEY_RIGHTS } from '../../../src/domain/access/rights.ts';

/** The bench's own shop: a project of each size, each with a secret LIVE key. */
export const MERCHANT_ID = '00000000-0000-7000-8000-000000000001';

/** A project of the seeded merchant. */
export interface Shop {
  readonly series: number;
  readonly projectId: string;
  readonly key: string;
}

const shop = (series: number): Shop => ({
  series,
  projectId: `00000000-0000-7000-8000-00000000010${series}`,
  key: `${API_KEY_PREFIX.SECRET_LIVE}bench-key-that-opens-nothing-anywhere-else-${series}`,
});

/** `small` and `large` are lists of two lengths; `plain` is for everything else. */
export const SHOPS = { plain: shop(0), small: shop(1), large: shop(2) } as const;

export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

export async function seedMerchant(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Bench', 'BUSINESS', now())`,
      [MERCHANT_ID],
    );
    for (const each of Object.values(SHOPS)) await seedShop(client, each);
  } finally {
    await client.end();
  }
}

async function seedShop(client: pg.Client, { projectId, key }: Shop): Promise<void> {
  await client.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Bench', 'ACTIVE', 3600, now())`,
    [projectId, MERCHANT_ID],
  );
  await client.query(
    `INSERT INTO api_key (id, merchant_id, project_id, mode, kind, scopes, name, prefix, token_hash, created_at)
     VALUES (gen_random_uuid(), $1, $2, 'LIVE', 'SECRET', $4, 'bench', 'bench', $3, now())`,
    [MERCHANT_ID, projectId, hashOf(key), API_KEY_RIGHTS.SECRET],
  );
}
