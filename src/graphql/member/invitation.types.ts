import { Merchant, RoleEnum } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { visibleToMembers } from '../project/visible-rows.ts';
import { projectGlobalIds } from './member.types.ts';

const InvitationStateEnum = builder.enumType('InvitationState', {
  description: 'What has become of an invitation.',
  values: {
    OPEN: { description: 'It can be accepted.' },
    ACCEPTED: { description: 'The person is a member.' },
    REVOKED: { description: 'It was taken back or replaced.' },
    EXPIRED: { description: 'Its time is over.' },
  } as const,
});

export const Invitation = builder.prismaNode('Invitation', {
  description: 'An offer to become a member, sent by e-mail.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleToMembers(actor, 'member:read') }),
  authScopes: ({ merchantId }) => ({ right: { right: 'member:read', place: { merchantId } } }),
  runScopesOnType: true,
  fields: (t) => ({
    email: t.exposeString('email', { description: 'Where it was sent.' }),
    role: t.expose('role', { type: RoleEnum, description: 'What the person may do then.' }),
    projectIds: t.idList({
      nullable: true,
      description: 'Global ids of the only projects that will be open to the person; null for all.',
      resolve: projectGlobalIds,
    }),
    state: t.field({
      type: InvitationStateEnum,
      description: 'What has become of it.',
      resolve: ({ acceptedAt, revokedAt, expiresAt }, _args, { clock }) => {
        if (acceptedAt) return 'ACCEPTED';
        if (revokedAt) return 'REVOKED';
        return expiresAt > clock.now() ? 'OPEN' : 'EXPIRED';
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was sent.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be accepted.' }),
  }),
});

builder.prismaObjectFields(Merchant, (t) => ({
  invitations: t.relatedConnection('invitations', {
    cursor: 'id',
    description: 'The invitations of the merchant, whatever has become of them, newest first.',
    authScopes: ({ id }) => ({ right: { right: 'member:read', place: { merchantId: id } } }),
    query: (args) => {
      checkCursors(args);
      return { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));
