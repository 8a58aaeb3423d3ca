import { may } from '../../domain/access/rights.ts';
import { LIST_COLUMNS, LIST_NAMES, type ListName } from '../../domain/export/lists.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { forbidden } from '../core/errors.ts';
import { visibleToMembers } from '../project/visible-rows.ts';

export const ListNameEnum = builder.enumType('ListName', {
  description: 'A list that can be exported and has saved views.',
  values: Object.fromEntries(
    LIST_NAMES.map((name) => [
      name,
      { value: name, description: `Columns: ${LIST_COLUMNS[name].join(', ')}.` },
    ]),
  ) as Record<ListName, { value: ListName; description: string }>,
});

export const SavedView = builder.prismaNode('SavedView', {
  description: 'A list as a person likes to see it; nobody else sees it.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({
    id,
    userId: actor.type === 'USER' ? actor.userId : '00000000-0000-0000-0000-000000000000',
    ...visibleToMembers(actor, 'merchant:read'),
  }),
  authScopes: ({ userId, merchantId }, { actor }) =>
    actor.type === 'USER' && actor.userId === userId && may(actor, 'merchant:read', { merchantId }),
  runScopesOnType: true,
  fields: (t) => ({
    list: t.field({
      type: ListNameEnum,
      nullable: true,
      description: 'Which list; null for one that this gateway does not have any more.',
      select: { list: true },
      resolve: ({ list }) => LIST_NAMES.find((name) => name === list) ?? null,
    }),
    name: t.exposeString('name', { description: 'What the person calls it.' }),
    columns: t.exposeStringList('columns', { description: 'The columns that are shown, in their order.' }),
    filter: t.expose('filter', { type: 'JSON', description: "The list's filter, as it was saved." }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first saved.' }),
  }),
});

builder.queryField('savedViews', (t) =>
  t.withAuth({ user: true }).prismaField({
    type: [SavedView],
    description: "The person's own saved views in a merchant, by name; at most 50.",
    args: {
      merchantId: t.arg.globalID({
        required: true,
        for: [Merchant],
        description: 'Global id of the merchant.',
      }),
      list: t.arg({ type: ListNameEnum, description: 'Of this list only.' }),
    },
    resolve: (query, _root, { merchantId, list }, { prisma, actor }) => {
      if (!may(actor, 'merchant:read', { merchantId: merchantId.id }))
        throw forbidden('There is no such merchant here.');
      return prisma.savedView.findMany({
        ...query,
        where: { userId: actor.userId, merchantId: merchantId.id, ...(list ? { list } : {}) },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        take: 50,
      });
    },
  }),
);
