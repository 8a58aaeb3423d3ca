import { LOGO_PATH } from '../../domain/project/logo.ts';
import { MerchantTypeEnum } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { ModerationEnum, Project } from '../project/project.types.ts';

/** Seen through the project or the operator's view of it only. */
builder.prismaObject('ModerationChange', {
  description: "One step of a project's moderation.",
  fields: (t) => ({
    from: t.expose('from', { type: ModerationEnum, description: 'The state before.' }),
    to: t.expose('to', { type: ModerationEnum, description: 'The state after.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: "The merchant's comment or the operator's reason.",
    }),
    byOperator: t.boolean({
      description: 'Whether the operator took the step; else the merchant did.',
      resolve: ({ actor }) =>
        typeof actor === 'object' && actor !== null && 'type' in actor && actor['type'] === 'OPERATOR',
    }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it was taken.' }),
  }),
});

builder.prismaObjectFields(Project, (t) => ({
  moderationHistory: t.relatedConnection('moderations', {
    cursor: 'id',
    description: 'All steps of moderation, newest first.',
    query: (args) => {
      checkCursors(args);
      return { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));

/** A type of its own: an operator has no right in any merchant, and nothing of a merchant hangs on it. */
export const ModeratedProject = builder.prismaObject('Project', {
  variant: 'ModeratedProject',
  description: 'A project as the operator sees it, without what is between the merchant and its payers.',
  authScopes: { operator: 'project:moderate' },
  runScopesOnType: true,
  fields: (t) => ({
    projectId: t.id({
      description: 'Global id of the project, for projectModerationDecide.',
      resolve: ({ id }) => encodeGlobalID('Project', id),
    }),
    name: t.exposeString('name', { description: 'Name, as payers see it.' }),
    siteUrl: t.expose('siteUrl', { type: 'URL', nullable: true, description: "The shop's site." }),
    logoUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'Where the logo is.',
      resolve: ({ logoId }, _args, { publicUrl }) => logoId && `${publicUrl}${LOGO_PATH}${logoId}`,
    }),
    moderation: t.expose('moderation', { type: ModerationEnum, description: 'State of moderation.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the merchant archived it.',
    }),
    merchantName: t.string({
      description: 'Name of the merchant.',
      select: { merchant: { select: { name: true } } },
      resolve: ({ merchant }) => merchant.name,
    }),
    merchantType: t.field({
      type: MerchantTypeEnum,
      description: 'Who stands behind the merchant.',
      select: { merchant: { select: { type: true } } },
      resolve: ({ merchant }) => merchant.type,
    }),
    moderationHistory: t.relatedConnection('moderations', {
      cursor: 'id',
      description: 'All steps of moderation, newest first.',
      query: (args) => {
        checkCursors(args);
        return { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
      },
    }),
  }),
});
