import { mayOperate } from '../../domain/access/rights.ts';
import { User } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { checkCursors } from '../project/page-cursor.ts';

const TwoFactorResetStatusEnum = builder.enumType('TwoFactorResetStatus', {
  description: 'How far a request about a lost authenticator is.',
  values: {
    PENDING: { description: 'Waits for an operator.' },
    APPROVED: { description: 'The authenticator was taken off.' },
    REJECTED: { description: 'It stays.' },
  } as const,
});

export const TwoFactorResetRequest = builder.prismaNode('TwoFactorResetRequest', {
  description: 'A person asks the operators to take a lost authenticator off.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => (mayOperate(actor, 'two_factor:reset') ? { id } : { id, OR: [] }),
  authScopes: { operator: 'two_factor:reset' },
  runScopesOnType: true,
  fields: (t) => ({
    status: t.expose('status', { type: TwoFactorResetStatusEnum, description: 'How far it is.' }),
    userId: t.globalID({
      description: 'Global id of the person.',
      resolve: ({ userId }) => ({ type: User, id: userId }),
    }),
    email: t.string({
      description: 'E-mail address of the person; the link to this request was opened there.',
      select: { user: { select: { email: true } } },
      resolve: ({ user }) => user.email,
    }),
    reason: t.exposeString('reason', { description: 'What the person says.' }),
    answer: t.exposeString('answer', { nullable: true, description: 'What the person was told.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was filed.' }),
    decidedAt: t.expose('decidedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was decided.',
    }),
  }),
});

builder.queryFields((t) => ({
  twoFactorResetRequests: t.withAuth({ operator: 'two_factor:reset' }).prismaConnection({
    type: TwoFactorResetRequest,
    cursor: 'id',
    description: 'Requests about lost authenticators, newest first; for operators.',
    args: {
      status: t.arg({
        type: TwoFactorResetStatusEnum,
        required: true,
        defaultValue: 'PENDING',
        description: 'Only requests that are this far.',
      }),
    },
    resolve: (query, _root, args, { prisma }) => {
      checkCursors(args);
      return prisma.twoFactorResetRequest.findMany({
        ...query,
        where: { status: args.status },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));
