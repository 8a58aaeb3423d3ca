import type { Actor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';

export const RoleEnum = builder.enumType('Role', {
  description: 'What a member may do in a merchant.',
  values: {
    OWNER: { description: 'Everything.' },
    ADMIN: { description: 'Everything but closing the account and giving it away.' },
    FINANCE: { description: 'Invoices, balances and payouts.' },
    DEVELOPER: { description: 'Projects, API keys and invoices.' },
    SUPPORT: { description: 'Invoices.' },
    VIEWER: { description: 'Reads invoices and projects.' },
  } as const,
});

export const MerchantTypeEnum = builder.enumType('MerchantType', {
  description: 'Who stands behind a merchant.',
  values: { PERSONAL: { description: 'A person.' }, BUSINESS: { description: 'A company.' } } as const,
});

/** Matches no row: an empty OR is false. */
const NOTHING = { OR: [] };

const isSelf = (actor: Actor, userId: string): boolean =>
  (actor.type === 'USER' || actor.type === 'OPERATOR') && actor.userId === userId;

export const User = builder.prismaNode('User', {
  description: 'A person who signs in.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...(isSelf(actor, id) ? {} : NOTHING) }),
  authScopes: ({ id }, { actor }) => isSelf(actor, id),
  runScopesOnType: true,
  fields: (t) => ({
    email: t.exposeString('email', { description: 'E-mail address, as the person typed it.' }),
    phone: t.exposeString('phone', { nullable: true, description: 'Phone number, E.164; proved by a code.' }),
    emailConfirmedAt: t.expose('emailConfirmedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the address was confirmed.',
    }),
    emailBouncedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when the mail server refuses the address for good: only security mail is still tried. Null when mail arrives.',
      select: { emailKey: true },
      resolve: async ({ emailKey }, _args, { prisma }) =>
        (await prisma.emailBounce.findUnique({ where: { emailKey } }))?.bouncedAt ?? null,
    }),
    locale: t.exposeString('locale', { description: 'Language of messages, BCP 47.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the person signed up.' }),
    memberships: t.relation('members', {
      description: 'The merchants that are open to the person, oldest first; at most 100.',
      query: { where: { disabledAt: null, merchant: { closedAt: null } }, orderBy: { id: 'asc' }, take: 100 },
    }),
  }),
});

/** A member of it, or a secret key of one of its projects that was given this right. */
const mayRead = (actor: Actor, merchantId: string): boolean =>
  may(actor, 'merchant:read', {
    merchantId,
    ...(actor.type === 'API_KEY' ? { projectId: actor.projectId, mode: actor.mode } : {}),
  });

export const Merchant = builder.prismaNode('Merchant', {
  description: 'The account that owns projects and money.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...(mayRead(actor, id) ? {} : NOTHING) }),
  authScopes: ({ id }, { actor }) => mayRead(actor, id),
  runScopesOnType: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name, as payers see it.' }),
    type: t.expose('type', { type: MerchantTypeEnum, description: 'Personal or business.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.withAuth({ person: true }).prismaField({
    type: User,
    description: 'The signed-in person.',
    resolve: (query, _root, _args, { prisma, actor }) =>
      prisma.user.findUniqueOrThrow({ ...query, where: { id: actor.userId } }),
  }),
}));
