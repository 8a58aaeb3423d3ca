import type { Actor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { Merchant, RoleEnum } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { visibleToMembers } from '../project/visible-rows.ts';

/** Everybody sees the own membership while it opens something; the others are for those who may see the team. */
const mayRead = (actor: Actor, { merchantId, userId }: { merchantId: string; userId: string }): boolean =>
  may(actor, 'member:read', { merchantId }) ||
  (actor.type === 'USER' &&
    actor.userId === userId &&
    actor.memberships.some((membership) => membership.merchantId === merchantId));

/** The global ids of the projects that a restriction names. */
export const projectGlobalIds = ({
  restricted,
  projectIds,
}: {
  restricted: boolean;
  projectIds: string[];
}): string[] | null => (restricted ? projectIds.map((id) => encodeGlobalID('Project', id)) : null);

export const Member = builder.prismaNode('Member', {
  description: 'A person in a merchant, with a role.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => {
    const memberships = actor.type === 'USER' ? actor.memberships : [];
    const own = {
      userId: actor.type === 'USER' ? actor.userId : '',
      merchantId: { in: memberships.map(({ merchantId }) => merchantId) },
    };
    return { id, OR: memberships.length > 0 ? [visibleToMembers(actor, 'member:read'), own] : [] };
  },
  authScopes: (member, { actor }) => mayRead(actor, member),
  runScopesOnType: true,
  fields: (t) => ({
    merchant: t.relation('merchant', { description: 'The merchant.' }),
    email: t.string({
      description: 'E-mail address of the person.',
      select: { user: { select: { email: true } } },
      resolve: ({ user }) => user.email,
    }),
    role: t.expose('role', { type: RoleEnum, description: 'What the person may do there.' }),
    projectIds: t.idList({
      nullable: true,
      description: 'Global ids of the only projects that are open to the person; null for all.',
      resolve: projectGlobalIds,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the person joined.' }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when the person has no access; null for those who have.',
    }),
  }),
});

builder.prismaObjectFields(Merchant, (t) => ({
  members: t.relatedConnection('members', {
    cursor: 'id',
    description: 'The people of the merchant, disabled ones too, newest first.',
    authScopes: ({ id }) => ({ right: { right: 'member:read', place: { merchantId: id } } }),
    query: (args) => {
      checkCursors(args);
      return { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));
