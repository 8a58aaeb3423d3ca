import { builder } from '../core/builder.ts';
import { ModeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { ApiKey, ApiKeyKindEnum, ApiKeyScopeEnum } from './api-key.types.ts';

const RANGES =
  'CIDR ranges or addresses, IPv4 or IPv6, at most 50; with any, the key works from no other address.';

export const ApiKeyCreateInput = builder.inputType('ApiKeyCreateInput', {
  description: 'A new API key.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
    mode: t.field({
      type: ModeEnum,
      required: true,
      description: 'TEST or LIVE; a live key needs an ACTIVE project.',
    }),
    kind: t.field({ type: ApiKeyKindEnum, required: true, description: 'Publishable or secret.' }),
    name: t.string({ required: true, description: 'Name for people, 1 to 100 characters.' }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description:
        'What it may do, nothing beyond your own rights. A secret key may do all but MERCHANT_READ, BALANCE_READ, PAYMENT_RESOLVE and WEBHOOK_WRITE unless said.',
    }),
    ipRanges: t.stringList({ description: `${RANGES} None unless said.` }),
  }),
});

export const ApiKeyUpdateInput = builder.inputType('ApiKeyUpdateInput', {
  description: 'What to change of a key. What is left out stays.',
  fields: (t) => ({
    apiKeyId: t.globalID({ required: true, for: [ApiKey], description: 'Global id of the key.' }),
    name: t.string({ description: 'Name for people, 1 to 100 characters.' }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description: 'What it may do from now on; all of it. What is new is within your own rights.',
    }),
    ipRanges: t.stringList({ description: `${RANGES} An empty list allows every address.` }),
  }),
});

export const ApiKeyRotateInput = builder.inputType('ApiKeyRotateInput', {
  description: 'A key that gets a successor.',
  fields: (t) => ({
    apiKeyId: t.globalID({ required: true, for: [ApiKey], description: 'Global id of the key.' }),
    overlapHours: t.int({
      required: true,
      description: 'Hours for which the old key works on, 0 to 168.',
    }),
  }),
});

export const ApiKeyRevokeInput = builder.inputType('ApiKeyRevokeInput', {
  description: 'A key that ends.',
  fields: (t) => ({
    apiKeyId: t.globalID({ required: true, for: [ApiKey], description: 'Global id of the key.' }),
  }),
});
