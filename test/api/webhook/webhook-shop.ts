import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';

type CreateInput = operations.WebhookEndpointCreateMutationVariables['input'];
type UpdateInput = operations.WebhookEndpointUpdateMutationVariables['input'];
type Filter = operations.WebhookDeliveriesQueryVariables['filter'];

/** For gateways whose receivers are on this machine. */
export const LOOPBACK_ENV = { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_TIMEOUT_SECONDS: '2' };

/** What a developer does with endpoints over the API, in steps that tests share. The answers may be refusals. */
export const tryCreate = async (api: ApiClient, input: CreateInput) =>
  (await api.send(operations.WebhookEndpointCreateDocument, { input })).webhookEndpointCreate;

/** A new endpoint with its secret. */
export async function create(api: ApiClient, input: CreateInput) {
  const made = accepted(await tryCreate(api, input), 'WebhookEndpointCreatePayload');
  return { ...made.webhookEndpoint, secret: made.secret };
}

export const tryUpdate = async (api: ApiClient, input: UpdateInput) =>
  (await api.send(operations.WebhookEndpointUpdateDocument, { input })).webhookEndpointUpdate;

export const tryEnable = async (api: ApiClient, webhookEndpointId: string) =>
  (await api.send(operations.WebhookEndpointEnableDocument, { input: { webhookEndpointId } }))
    .webhookEndpointEnable;

export const tryDisable = async (api: ApiClient, webhookEndpointId: string) =>
  (await api.send(operations.WebhookEndpointDisableDocument, { input: { webhookEndpointId } }))
    .webhookEndpointDisable;

export const tryDelete = async (api: ApiClient, webhookEndpointId: string) =>
  (await api.send(operations.WebhookEndpointDeleteDocument, { input: { webhookEndpointId } }))
    .webhookEndpointDelete;

export const tryRotate = async (
  api: ApiClient,
  webhookEndpointId: string,
  revision: number,
  overlapHours?: number,
) =>
  (
    await api.send(operations.WebhookEndpointSecretRotateDocument, {
      input: { webhookEndpointId, revision, ...(overlapHours === undefined ? {} : { overlapHours }) },
    })
  ).webhookEndpointSecretRotate;

export const rotate = async (...args: Parameters<typeof tryRotate>) =>
  accepted(await tryRotate(...args), 'WebhookEndpointSecretRotatePayload');

export const tryTest = async (api: ApiClient, webhookEndpointId: string) =>
  (await api.send(operations.WebhookEndpointTestDocument, { input: { webhookEndpointId } }))
    .webhookEndpointTest;

export const tryReplay = async (api: ApiClient, webhookEndpointId: string, since: Date) =>
  (
    await api.send(operations.WebhookReplayDocument, {
      input: { webhookEndpointId, since: since.toISOString() },
    })
  ).webhookReplay;

export const tryRedeliver = async (api: ApiClient, deliveryId: string) =>
  (await api.send(operations.DeliveryRedeliverDocument, { input: { deliveryId } })).deliveryRedeliver;

export async function endpointsOf(
  api: ApiClient,
  place: { projectId?: string; mode?: 'TEST' | 'LIVE' } = {},
) {
  const { webhookEndpoints } = await api.send(operations.WebhookEndpointsDocument, { ...place, first: 100 });
  return webhookEndpoints.edges.map(({ node }) => node);
}

export const endpointOf = async (api: ApiClient, id: string) =>
  (await api.send(operations.WebhookEndpointDocument, { id })).webhookEndpoint;

/** Newest first. */
export async function deliveriesOf(api: ApiClient, id: string, filter: Filter = {}) {
  const { webhookEndpoint } = await api.send(operations.WebhookDeliveriesDocument, {
    id,
    filter,
    first: 100,
  });
  return webhookEndpoint?.deliveries.edges.map(({ node }) => node) ?? [];
}
