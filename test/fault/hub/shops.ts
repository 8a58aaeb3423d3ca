import type { Pool } from 'pg';
import { accepted, createApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { addChat } from '../../bus/merchant-fixture.ts';
import { createInvoice } from '../../testkit/shop.ts';
import { openShop } from '../../testkit/open-shop.ts';

/** A merchant with one person, chat, project, invoice and endpoint. */
export interface HubShop {
  readonly name: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly invoiceId: string;
  readonly liveKey: string;
  readonly email: string;
  readonly chatId: string;
  /** Its endpoint never answers. */
  readonly hangs: boolean;
  /** Its person is told of bursts in one message. */
  readonly digests: boolean;
  /** Stops what is sent to the endpoint, as its developer would. */
  disableEndpoint(): Promise<void>;
}

interface Place {
  /** Of a process with the role `api`. */
  readonly url: string;
  readonly pool: Pool;
  urlOf(endpoint: string): string;
}

const DIGEST_SECONDS = 2;

export async function openHubShop(
  { url, pool, urlOf }: Place,
  name: string,
  { hangs = false, digests = false }: { readonly hangs?: boolean; readonly digests?: boolean },
): Promise<HubShop> {
  const place = { platform: { api: createApiClient(url) }, database: { pool } };
  const shop = await openShop(place, `${name}@shops.example`, new Date(), name);
  // Before there is an endpoint that would be told of it.
  await createInvoice(shop.live);
  const { rows } = await pool.query<{
    userId: string;
    merchantId: string;
    projectId: string;
    invoiceId: string;
  }>(
    `SELECT u.id AS "userId", i.merchant_id AS "merchantId", i.project_id AS "projectId", i.id AS "invoiceId"
     FROM "user" u JOIN member m ON m.user_id = u.id JOIN invoice i ON i.merchant_id = m.merchant_id
     WHERE u.email = $1`,
    [shop.email],
  );
  const [ids] = rows;
  if (!ids) throw new Error(`no invoice of ${name}`);
  await pool.query(
    'INSERT INTO notification_settings (user_id, digest_seconds, updated_at) VALUES ($1, $2, now())',
    [ids.userId, digests ? DIGEST_SECONDS : 0],
  );
  const endpoint = accepted(
    (
      await shop.owner.send(operations.WebhookEndpointCreateDocument, {
        input: { projectId: shop.projectId, mode: 'LIVE', url: urlOf(name) },
      })
    ).webhookEndpointCreate,
    'WebhookEndpointCreatePayload',
  ).webhookEndpoint;
  return {
    ...ids,
    name,
    liveKey: shop.liveKey,
    email: shop.email,
    chatId: await addChat(pool, 'MERCHANT', ids.userId, ids.merchantId),
    hangs,
    digests,
    disableEndpoint: async () => {
      const input = { webhookEndpointId: endpoint.id };
      const done = await shop.owner.send(operations.WebhookEndpointDisableDocument, { input });
      accepted(done.webhookEndpointDisable, 'WebhookEndpoint');
    },
  };
}
