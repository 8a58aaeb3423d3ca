import type { Actor } from '../../domain/access/actor.ts';
import { OPERATOR_RIGHT_DESCRIPTIONS } from '../../domain/access/right-descriptions.ts';
import {
  mayOperate,
  OPERATOR_RIGHTS,
  OPERATOR_ROLE_RIGHTS,
  type OperatorRight,
} from '../../domain/access/rights.ts';
import { User } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';

export const OperatorRoleEnum = builder.enumType('OperatorRole', {
  description: 'What an operator does for the gateway.',
  values: {
    ADMIN: { description: 'Everything, the making of operators too.' },
    MODERATOR: { description: 'Lets projects take live payments, or blocks them.' },
    SUPPORT: { description: 'Helps merchants: lost authenticators and account currencies.' },
  } as const,
});

const enumName = (right: OperatorRight): string => right.toUpperCase().replace(':', '_');

const OperatorRightEnum = builder.enumType('OperatorRight', {
  description: 'What an operator can decide.',
  values: Object.fromEntries(
    OPERATOR_RIGHTS.map((right) => [
      enumName(right),
      { value: right, description: OPERATOR_RIGHT_DESCRIPTIONS[right] },
    ]),
  ) as Record<string, { value: OperatorRight; description: string }>,
});

/** Operators are seen by those who manage them, and each by itself. */
const maySee = (actor: Actor, userId: string): boolean =>
  mayOperate(actor, 'operator:manage') || (actor.type === 'OPERATOR' && actor.userId === userId);

export const Operator = builder.prismaNode('Operator', {
  description: 'A person who runs the gateway. Never a member of a merchant.',
  id: { field: 'userId', description: 'Global id.' },
  nullable: true,
  findUnique: (userId, { actor }) => ({ userId, ...(maySee(actor, userId) ? {} : { OR: [] }) }),
  authScopes: ({ userId }, { actor }) => maySee(actor, userId),
  runScopesOnType: true,
  select: { userId: true },
  fields: (t) => ({
    email: t.string({
      description: 'E-mail address of the person.',
      select: { user: { select: { email: true } } },
      resolve: ({ user }) => user.email,
    }),
    role: t.expose('role', { type: OperatorRoleEnum, description: 'What the operator does.' }),
    rights: t.field({
      type: [OperatorRightEnum],
      description: 'What the role allows; all of it asks for a second factor in the session.',
      select: { role: true },
      resolve: ({ role }) => OPERATOR_ROLE_RIGHTS[role],
    }),
    twoFactorEnabled: t.boolean({
      description: 'Whether the person has an authenticator, without which nothing is allowed.',
      select: { user: { select: { totp: { select: { enabledAt: true } } } } },
      resolve: ({ user }) => (user.totp?.enabledAt ?? null) !== null,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the person became an operator.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the rights were taken away.',
    }),
  }),
});

builder.prismaObjectField(User, 'operator', (t) =>
  t.prismaField({
    type: Operator,
    nullable: true,
    description: 'What the person may do as an operator; null for everybody else.',
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.operator.findFirst({ ...query, where: { userId: id, disabledAt: null } }),
  }),
);
