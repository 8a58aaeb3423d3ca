import type { Actor } from '../../domain/access/actor.ts';
import { builder } from '../core/builder.ts';

export const RoleEnum = builder.enumType('Role', {
  description: 'What a member may do in a merchant.',
  values: {
    OWNER: { description: 'Everything.' },
    ADMIN: { description: 'Everything.' },
    FINANCE: { description: 'Invoices and balances.' },
    DEVELOPER: { description: 'Projects, API keys and invoices.' },
    SUPPORT: { description: 'Invoices.' },
    VIEWER: { description: 'Reads invoices and projects.' },
  } as const,
});

const MerchantTypeEnum = builder.enumType('MerchantType', {
  description: 'Who stands behind a merchant.',
  values: { PERSONAL: { description: 'A person.' }, BUSINESS: { description: 'A company.' } } as const,
});

/** Matches no row: an empty OR is false. */
const NOTHING = { OR: [] };

const isSelf = (actor: Actor, userId: string): boolean => actor.type === 'USER' && actor.userId === userId;

export const User = builder.prismaNode('User', {
  description: 'A person who signs in.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...(isSelf(actor, id) ? {} : NOTHING) }),
  authScopes: ({ id }, { actor }) => isSelf(actor, id),
  runScopesOnType: true,
  fields: (t) => ({
    email: t.exposeString('email', { description: 'E-mail address, as typed at sign-up.' }),
    emailConfirmedAt: t.expose('emailConfirmedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the address was confirmed.',
    }),
    locale: t.exposeString('locale', { description: 'Language of messages, BCP 47.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the person signed up.' }),
    memberships: t.relation('members', {
      description: 'The merchants of the person, oldest first; at most 100.',
      query: { orderBy: { id: 'asc' }, take: 100 },
    }),
  }),
});

const belongsTo = (actor: Actor, merchantId: string): boolean =>
  (actor.type === 'USER' && actor.memberships.some((m) => m.merchantId === merchantId)) ||
  (actor.type === 'API_KEY' && actor.kind === 'SECRET' && actor.merchantId === merchantId);

export const Merchant = builder.prismaNode('Merchant', {
  description: 'The account that owns projects and money.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...(belongsTo(actor, id) ? {} : NOTHING) }),
  authScopes: ({ id }, { actor }) => belongsTo(actor, id),
  runScopesOnType: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name, as payers see it.' }),
    type: t.expose('type', { type: MerchantTypeEnum, description: 'Personal or business.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

builder.prismaObject('Member', {
  description: 'A person in a merchant, with a role.',
  authScopes: (member, { actor }) => actor.type === 'USER' && actor.userId === member.userId,
  runScopesOnType: true,
  fields: (t) => ({
    merchant: t.relation('merchant', { description: 'The merchant.' }),
    role: t.expose('role', { type: RoleEnum, description: 'What the person may do there.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.withAuth({ user: true }).prismaField({
    type: User,
    description: 'The signed-in person.',
    resolve: (query, _root, _args, { prisma, actor }) =>
      prisma.user.findUniqueOrThrow({ ...query, where: { id: actor.userId } }),
  }),
}));
