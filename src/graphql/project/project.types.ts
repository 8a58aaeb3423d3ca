import { builder } from '../core/builder.ts';
import { checkCursors } from './page-cursor.ts';
import { visibleProjects } from './visible-rows.ts';

export const ModerationEnum = builder.enumType('Moderation', {
  description: 'Whether the operator let the project take live payments.',
  values: {
    NOT_REQUESTED: { description: 'Nobody asked yet.' },
    ON_MODERATION: { description: 'A request was sent.' },
    ACTIVE: { description: 'Live keys and live payments work.' },
    REJECTED: { description: 'The request was turned down.' },
    BLOCKED: { description: 'The approval was taken back.' },
  } as const,
});

export const Project = builder.prismaNode('Project', {
  description: 'A shop of a merchant.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleProjects(actor, 'project:read') }),
  authScopes: ({ merchantId, id }) => ({
    right: { right: 'project:read', place: { merchantId, projectId: id, mode: 'ANY' } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name, as payers see it.' }),
    siteUrl: t.expose('siteUrl', { type: 'URL', nullable: true, description: "The shop's site." }),
    moderation: t.expose('moderation', { type: ModerationEnum, description: 'State of moderation.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was archived; nothing new is made in it until it is restored.',
    }),
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
