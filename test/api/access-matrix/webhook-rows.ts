import { row, type Matrix } from './rows.ts';
import { right } from './who.ts';
import { endpointToLose } from './things.ts';
import type { World } from './world.ts';

/** Webhook endpoints and what they are sent. */
export const WEBHOOK_ROWS: Matrix<World> = {
  nodes: {
    WebhookEndpoint: [
      { id: (w) => w.testEndpointId, who: right('webhook:read', 'TEST') },
      { id: (w) => w.liveEndpointId, who: right('webhook:read', 'LIVE') },
    ],
    WebhookDelivery: [{ id: (w) => w.testWebhookId, who: right('webhook:read', 'TEST') }],
  },
  fields: {
    'Query.webhookEventTypes': row('PUBLIC'),
    'Query.webhookEndpoint': [
      row(right('webhook:read', 'TEST'), (w) => ({ id: w.testEndpointId })),
      row(right('webhook:read', 'LIVE'), (w) => ({ id: w.liveEndpointId })),
    ],
    'Query.webhookEndpoints': [
      row(right('webhook:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' }), {
        refusedAs: 'INVALID_INPUT',
      }),
      row(right('webhook:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' }), {
        refusedAs: 'INVALID_INPUT',
      }),
    ],
    'WebhookEndpoint.project': row(right('project:read', 'project')),
    'WebhookEndpoint.deliveries': row('SIGNED_IN'),
    'Mutation.webhookEndpointCreate': [
      row(right('webhook:write', 'TEST'), (w) => ({
        input: { projectId: w.projectId, mode: 'TEST', url: '' },
      })),
      row(right('webhook:write', 'LIVE'), (w) => ({
        input: { projectId: w.projectId, mode: 'LIVE', url: '' },
      })),
    ],
    'Mutation.webhookEndpointUpdate': row(right('webhook:write', 'LIVE'), (w) => ({
      input: { webhookEndpointId: w.liveEndpointId, revision: 0 },
    })),
    'Mutation.webhookEndpointEnable': row(right('webhook:write', 'LIVE'), (w) => ({
      input: { webhookEndpointId: w.liveEndpointId },
    })),
    'Mutation.webhookEndpointDisable': row(right('webhook:write', 'TEST'), (w) => ({
      input: { webhookEndpointId: w.testEndpointId },
    })),
    'Mutation.webhookEndpointDelete': row(right('webhook:write', 'TEST'), async (w) => ({
      input: { webhookEndpointId: await endpointToLose(w.pool, w) },
    })),
    'Mutation.webhookEndpointSecretRotate': row(right('webhook:write', 'LIVE'), (w) => ({
      input: { webhookEndpointId: w.liveEndpointId, revision: 0, overlapHours: -1 },
    })),
    'Mutation.webhookEndpointTest': row(right('webhook:write', 'TEST'), (w) => ({
      input: { webhookEndpointId: w.testEndpointId },
    })),
    'Mutation.webhookReplay': row(right('webhook:write', 'LIVE'), (w) => ({
      input: { webhookEndpointId: w.liveEndpointId, since: '2000-01-01T00:00:00Z' },
    })),
    'Mutation.deliveryRedeliver': row(
      { allOf: [right('webhook:write', 'TEST'), right('webhook:read', 'TEST')] },
      (w) => ({
        input: { deliveryId: w.testWebhookId },
      }),
    ),
  },
};
