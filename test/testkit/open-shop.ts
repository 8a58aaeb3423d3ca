import type { Pool } from 'pg';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import { createKey, type DemoMerchant } from '../../src/demo/merchant.ts';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import * as operations from '../../src/generated/documents.ts';
import { globalIdOf } from './facts.ts';
import { insertSession, insertUser } from './people.ts';

const INSERT_MERCHANT = `
  WITH shop AS (
    INSERT INTO merchant (id, name, type, created_at) VALUES ($1, $2, 'PERSONAL', $5)
  )
  INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($3, $1, $4, 'OWNER', $5)`;

/** A gateway, in this process or another one, and its database. */
interface OpenShopPlace {
  readonly platform: { readonly api: ApiClient };
  readonly database: { readonly pool: Pool };
}

/**
 * What `openMerchant` makes, faster: the person, the merchant and a session that has just been stepped up go straight
 * into the tables, without the mails and events of a sign-up; project and keys come from the API.
 *
 * @param at business time, where the test has moved it
 */
export async function openShop(
  { platform, database: { pool } }: OpenShopPlace,
  email: string,
  at = new Date(),
  name = 'Corner Shop',
): Promise<DemoMerchant> {
  const { merchantRowId, sessionToken } = await insertOwner(pool, email, name, at);
  const owner = platform.api.as(sessionToken);
  const merchantId = globalIdOf('Merchant', merchantRowId);
  const made = await owner.send(operations.ProjectCreateDocument, {
    input: { merchantId, name: `${name} online` },
  });
  const projectId = accepted(made.projectCreate, 'Project').id;
  const testKey = await createKey(owner, projectId, 'TEST');
  const liveKey = await createKey(owner, projectId, 'LIVE');
  const [test, live] = [platform.api.as(testKey), platform.api.as(liveKey)];
  return { email, owner, sessionToken, merchantId, projectId, testKey, liveKey, test, live };
}

async function insertOwner(pool: Pool, email: string, name: string, at: Date) {
  const userId = await insertUser(pool, email, at);
  const merchantRowId = uuidSource.next();
  await pool.query(INSERT_MERCHANT, [merchantRowId, name, uuidSource.next(), userId, at]);
  const { token } = await insertSession(pool, userId, { steppedUpAt: at, at });
  return { merchantRowId, sessionToken: token };
}
