import { createWebhookDeliveries } from '../../adapters/db/webhook-deliveries.ts';
import { createWebhookEndpointStore } from '../../adapters/db/webhook-endpoint-store.ts';
import { createWebhookRepeats } from '../../adapters/db/webhook-repeats.ts';
import { deliveryRedeliver } from '../../usecases/webhook/delivery-redeliver.ts';
import { createEndpointPlaces } from '../../usecases/webhook/endpoint-places.ts';
import { webhookEndpointCreate } from '../../usecases/webhook/webhook-endpoint-create.ts';
import { webhookEndpointDelete } from '../../usecases/webhook/webhook-endpoint-delete.ts';
import { webhookEndpointDisable } from '../../usecases/webhook/webhook-endpoint-disable.ts';
import { webhookEndpointEnable } from '../../usecases/webhook/webhook-endpoint-enable.ts';
import { webhookEndpointSecretRotate } from '../../usecases/webhook/webhook-endpoint-secret-rotate.ts';
import { webhookEndpointTest } from '../../usecases/webhook/webhook-endpoint-test.ts';
import { webhookEndpointUpdate } from '../../usecases/webhook/webhook-endpoint-update.ts';
import { webhookReplay } from '../../usecases/webhook/webhook-replay.ts';
import { webhookReplayPage } from '../../usecases/webhook/webhook-replay-page.ts';
import { webhookSend } from '../../usecases/webhook/webhook-send.ts';
import type { Parts } from './parts.ts';

/** The use cases of webhooks: what the API asks for, and what the jobs do. */
export function webhookUseCases(parts: Parts) {
  const { pool } = parts.database;
  const deps = {
    ...parts,
    ...parts.webhooks,
    endpoints: createWebhookEndpointStore(pool),
    repeats: createWebhookRepeats(pool, parts.ids),
    webhooks: createWebhookDeliveries(pool),
    places: createEndpointPlaces(),
  };
  return {
    api: {
      webhookEndpointCreate: webhookEndpointCreate(deps),
      webhookEndpointUpdate: webhookEndpointUpdate(deps),
      webhookEndpointEnable: webhookEndpointEnable(deps),
      webhookEndpointDisable: webhookEndpointDisable(deps),
      webhookEndpointDelete: webhookEndpointDelete(deps),
      webhookEndpointSecretRotate: webhookEndpointSecretRotate(deps),
      webhookEndpointTest: webhookEndpointTest(deps),
      webhookReplay: webhookReplay(deps),
      deliveryRedeliver: deliveryRedeliver(deps),
    },
    webhookSend: webhookSend(deps),
    webhookReplayPage: webhookReplayPage(deps),
  };
}
