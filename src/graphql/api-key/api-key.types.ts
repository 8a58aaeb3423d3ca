import { API_KEY_RIGHTS, type Right } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { ModeEnum } from '../money/money.types.ts';
import { visibleRows } from '../project/visible-rows.ts';

export const ApiKeyKindEnum = builder.enumType('ApiKeyKind', {
  description: 'How far a key may be trusted.',
  values: {
    PUBLISHABLE: { description: 'May stand in a page: quotes for invoices whose id is known, nothing else.' },
    SECRET: { description: "For the shop's server only." },
  } as const,
});

/** One for each right that a key can have. */
const SCOPES = {
  MERCHANT_READ: { value: 'merchant:read', description: 'Read the data of the merchant.' },
  PROJECT_READ: { value: 'project:read', description: 'Read the settings of the project.' },
  INVOICE_READ: { value: 'invoice:read', description: 'Read invoices and follow them.' },
  INVOICE_WRITE: { value: 'invoice:write', description: 'Create and cancel invoices.' },
  INVOICE_PAY: {
    value: 'invoice:pay',
    description: 'Make quotes for invoices whose id is known, and pay by payment links.',
  },
  PAYMENT_RESOLVE: {
    value: 'payment:resolve',
    description: 'Accept part payments and decide on held money.',
  },
  STATIC_WALLET_READ: { value: 'static_wallet:read', description: 'Read static wallets and their deposits.' },
  STATIC_WALLET_WRITE: {
    value: 'static_wallet:write',
    description: 'Create, block and re-activate static wallets.',
  },
  BALANCE_READ: { value: 'balance:read', description: 'Read the balances of the whole merchant.' },
  EVENT_READ: { value: 'event:read', description: 'Follow the events of the project.' },
  WEBHOOK_READ: { value: 'webhook:read', description: 'Read webhook endpoints and what was sent to them.' },
  WEBHOOK_WRITE: {
    value: 'webhook:write',
    description: 'Add, change and remove webhook endpoints, and send again.',
  },
  PAYOUT_READ: { value: 'payout:read', description: 'Read payouts.' },
  PAYOUT_WRITE: {
    value: 'payout:write',
    description: 'Ask for payouts and cancel them; only for a key that works from listed addresses alone.',
  },
} as const satisfies Record<string, { value: Right; description: string }>;

export const ApiKeyScopeEnum = builder.enumType('ApiKeyScope', {
  description: 'What a key may do. A publishable key has INVOICE_PAY and nothing else.',
  values: SCOPES,
});

type Scope = (typeof SCOPES)[keyof typeof SCOPES]['value'];

const isScope = (right: string): right is Scope => API_KEY_RIGHTS.SECRET.some((known) => known === right);

export const ApiKey = builder.prismaNode('ApiKey', {
  description: 'A key for machines. The secret itself is shown once, when it is made.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleRows(actor, 'api_key:read') }),
  authScopes: ({ merchantId, projectId, mode }) => ({
    right: { right: 'api_key:read', place: { merchantId, projectId, mode } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name for people.' }),
    mode: t.expose('mode', { type: ModeEnum, description: 'The only mode that the key sees.' }),
    kind: t.expose('kind', { type: ApiKeyKindEnum, description: 'Publishable or secret.' }),
    prefix: t.exposeString('prefix', { description: 'First characters, to tell keys apart.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was used last, to the minute.',
    }),
    lastUsedIp: t.exposeString('lastUsedIp', {
      nullable: true,
      description: 'The address from which it was used then.',
    }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description: 'What it may do.',
      select: { scopes: true },
      resolve: ({ scopes }) => scopes.filter(isScope),
    }),
    ipRanges: t.exposeStringList('ipRanges', {
      description: 'CIDR ranges; with any, the key works from no other address.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends by itself, after a rotation.',
    }),
    rotatedTo: t.id({
      nullable: true,
      description: 'Global id of the key that took its place.',
      select: { rotatedTo: true },
      resolve: ({ rotatedTo }) => rotatedTo && encodeGlobalID('ApiKey', rotatedTo),
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked.',
    }),
    project: t.relation('project', { description: 'The project that it opens.' }),
  }),
});
