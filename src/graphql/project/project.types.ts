import { builder } from '../core/builder.ts';
import { ModeEnum } from '../money/money.types.ts';
import { checkCursors } from './page-cursor.ts';
import { visibleRows } from './visible-rows.ts';

const ModerationEnum = builder.enumType('Moderation', {
  description: 'Whether the operator let the project take live payments.',
  values: {
    NOT_REQUESTED: { description: 'Nobody asked yet.' },
    ON_MODERATION: { description: 'A request was sent.' },
    ACTIVE: { description: 'Live keys and live payments work.' },
    REJECTED: { description: 'The request was turned down.' },
    BLOCKED: { description: 'The approval was taken back.' },
  } as const,
});

export const ApiKeyKindEnum = builder.enumType('ApiKeyKind', {
  description: 'How far a key may be trusted.',
  values: {
    PUBLISHABLE: { description: 'May stand in a page: quotes for invoices whose id is known, nothing else.' },
    SECRET: { description: "For the shop's server only." },
  } as const,
});

export const Project = builder.prismaNode('Project', {
  description: 'A shop of a merchant.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => {
    const { merchantId, projectId } = visibleRows(actor, 'project:read');
    return { id, merchantId, ...(projectId === undefined ? {} : { AND: { id: projectId } }) };
  },
  authScopes: ({ merchantId, id }) => ({
    right: { right: 'project:read', place: { merchantId, projectId: id, mode: 'ANY' } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name, as payers see it.' }),
    siteUrl: t.expose('siteUrl', { type: 'URL', nullable: true, description: "The shop's site." }),
    moderation: t.expose('moderation', { type: ModerationEnum, description: 'State of moderation.' }),
    invoiceLifetimeSeconds: t.exposeInt('invoiceLifetimeSeconds', {
      description: 'How long an invoice can be paid unless it says otherwise.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    merchant: t.relation('merchant', { description: 'The owner.' }),
    apiKeys: t.relatedConnection('apiKeys', {
      cursor: 'id',
      description: 'Keys of the project, newest first.',
      authScopes: ({ merchantId, id }) => ({
        right: { right: 'api_key:read', place: { merchantId, projectId: id, mode: 'ANY' } },
      }),
      query: (args) => {
        checkCursors(args);
        return { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
      },
    }),
  }),
});

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
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked.',
    }),
    project: t.relation('project', { description: 'The project that it opens.' }),
  }),
});
