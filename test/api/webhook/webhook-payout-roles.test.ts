import { beforeAll, expect, test } from 'vitest';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { insertColleague, type Colleague } from '../payout/payout-shop.ts';
import { create, tryRedeliver, tryRotate, tryUpdate } from './webhook-shop.ts';

/** Nothing is sent from here to anywhere: the addresses are of no one. */
const URL_OF_SHOP = 'https://shop.example/hooks';
const kit = usePlatform();

let offset = 0;
let shop: DemoMerchant;
/** Manages webhooks and does not see payouts. */
let developer: Colleague;
beforeAll(async () => {
  shop = await openShop(kit, 'ada@roles.example');
  developer = await insertColleague(kit.database.pool, shop, kit.platform.api, new Date(), 'DEVELOPER');
});

const endpoint = (types: string[]) =>
  create(shop.owner, { projectId: shop.projectId, mode: 'TEST', url: URL_OF_SHOP, types });

test('who does not see payouts takes no endpoint that tells of them elsewhere', async () => {
  const { id, revision } = await endpoint(['payout.*']);
  const other = 'https://other.example/hooks';
  for (const change of [
    { url: other },
    { types: ['payment.*'], url: other },
    // Else the next step would be the URL, with what still waits.
    { types: ['payment.*'] },
  ])
    expect(await tryUpdate(developer.api, { webhookEndpointId: id, revision, ...change })).toMatchObject({
      code: 'INVALID_INPUT',
    });
  expect(await tryRotate(developer.api, id, revision)).toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(
    await tryUpdate(shop.owner, { webhookEndpointId: id, revision, types: ['payment.*'], url: other }),
  ).toMatchObject({ url: other });
  const plain = await endpoint(['payment.*']);
  expect(
    await tryUpdate(developer.api, { webhookEndpointId: plain.id, revision: 0, url: other }),
  ).toMatchObject({ url: other });
});

test('who does not see payouts sends none of their deliveries again', async () => {
  const { id } = await endpoint(['payment.*']);
  const delivered = async (eventType: string): Promise<string> => {
    const deliveryId = uuidSource.next();
    await kit.database.pool.query(
      `INSERT INTO delivery (id, event_id, channel, target, merchant_id, project_id, mode, event_type, endpoint_id, status,
         next_attempt_at, created_at)
       SELECT $1, id, 'WEBHOOK', $2::text, $3, $4, 'TEST', $5, $2::text::uuid, 'SENT', now(), now() FROM event LIMIT 1 OFFSET $6`,
      [deliveryId, rowIdOf(id), rowIdOf(shop.merchantId), rowIdOf(shop.projectId), eventType, offset++],
    );
    return globalIdOf('WebhookDelivery', deliveryId);
  };
  const ofPayout = await delivered('payout.requested');
  expect(await tryRedeliver(developer.api, ofPayout)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await tryRedeliver(shop.owner, ofPayout)).toMatchObject({ __typename: 'WebhookDelivery' });
  const ofInvoice = await delivered('invoice.created');
  expect(await tryRedeliver(developer.api, ofInvoice)).toMatchObject({ __typename: 'WebhookDelivery' });
});
