import { builder } from '../core/builder.ts';
import { ModeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { WebhookDelivery } from './webhook-delivery.types.ts';
import { WebhookEndpoint, WebhookScheduleEnum } from './webhook-endpoint.types.ts';

const TYPES =
  'Names of events (webhookEventTypes), and families of them such as "payment.*"; an empty list for all but those of payouts, which somebody who sees payouts must name.';
const REVISION = 'Of the endpoint as you saw it; refused when it was changed since.';

/** An input that names one endpoint. */
const endpointInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      webhookEndpointId: t.globalID({
        required: true,
        for: [WebhookEndpoint],
        description: 'Global id of the endpoint.',
      }),
    }),
  });

export const WebhookEndpointCreateInput = builder.inputType('WebhookEndpointCreateInput', {
  description: 'A new endpoint.',
  fields: (t) => ({
    projectId: t.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
    mode: t.field({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    url: t.string({
      required: true,
      description: 'Where events are sent, such as https://shop.example/hooks.',
    }),
    description: t.string({ description: 'What people call it, 1 to 200 characters.' }),
    types: t.stringList({ description: `${TYPES} All unless said.` }),
    schedule: t.field({ type: WebhookScheduleEnum, description: 'How it is tried again; LONG unless said.' }),
    payloadVersion: t.string({ description: 'The form of what it is sent; the newest unless said.' }),
  }),
});

export const WebhookEndpointUpdateInput = builder.inputType('WebhookEndpointUpdateInput', {
  description: 'What to change of an endpoint. What is left out stays.',
  fields: (t) => ({
    webhookEndpointId: t.globalID({
      required: true,
      for: [WebhookEndpoint],
      description: 'Global id of the endpoint.',
    }),
    revision: t.int({ required: true, description: REVISION }),
    url: t.string({ description: 'Where events are sent.' }),
    description: t.string({ description: 'What people call it, 1 to 200 characters; null for nothing.' }),
    types: t.stringList({ description: TYPES }),
    schedule: t.field({ type: WebhookScheduleEnum, description: 'How it is tried again.' }),
    payloadVersion: t.string({ description: 'The form of what it is sent.' }),
  }),
});

export const WebhookEndpointSecretRotateInput = builder.inputType('WebhookEndpointSecretRotateInput', {
  description: 'An endpoint that gets a new signing secret.',
  fields: (t) => ({
    webhookEndpointId: t.globalID({
      required: true,
      for: [WebhookEndpoint],
      description: 'Global id of the endpoint.',
    }),
    revision: t.int({ required: true, description: REVISION }),
    overlapHours: t.int({
      description: 'Hours for which the old secret signs along, 0 to 72; 24 unless said.',
    }),
  }),
});

export const WebhookEndpointEnableInput = endpointInput('WebhookEndpointEnableInput', 'Which one to enable.');
export const WebhookEndpointDisableInput = endpointInput(
  'WebhookEndpointDisableInput',
  'Which one to disable.',
);
export const WebhookEndpointDeleteInput = endpointInput('WebhookEndpointDeleteInput', 'Which one to remove.');
export const WebhookEndpointTestInput = endpointInput('WebhookEndpointTestInput', 'Which one to test.');

export const WebhookReplayInput = builder.inputType('WebhookReplayInput', {
  description: 'What to send an endpoint again.',
  fields: (t) => ({
    webhookEndpointId: t.globalID({
      required: true,
      for: [WebhookEndpoint],
      description: 'Global id of the endpoint.',
    }),
    since: t.field({
      type: 'DateTime',
      required: true,
      description: 'What happened from this moment on; at most 30 days ago.',
    }),
  }),
});

export const DeliveryRedeliverInput = builder.inputType('DeliveryRedeliverInput', {
  description: 'One message to send again.',
  fields: (t) => ({
    deliveryId: t.globalID({
      required: true,
      for: [WebhookDelivery],
      description: 'Global id of the message.',
    }),
  }),
});
