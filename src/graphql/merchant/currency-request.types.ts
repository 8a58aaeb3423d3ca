import type { Actor } from '../../domain/access/actor.ts';
import { may, mayOperate } from '../../domain/access/rights.ts';
import { currencyOf } from '../../domain/money/currencies.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { CurrencyType } from '../money/money.types.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { visibleToMembers } from '../project/visible-rows.ts';

const RequestStatusEnum = builder.enumType('RequestStatus', {
  description: 'What has become of a request to the operator.',
  values: {
    PENDING: { description: 'It waits for its decision.' },
    APPROVED: { description: 'It was granted.' },
    REJECTED: { description: 'It was turned down.' },
  } as const,
});

/** The members of the merchant that asks, and the operators who decide. */
const mayRead = (actor: Actor, merchantId: string): boolean =>
  mayOperate(actor, 'currency:decide') ||
  (actor.type === 'USER' && may(actor, 'merchant:read', { merchantId }));

export const CurrencyRequest = builder.prismaNode('CurrencyRequest', {
  description: 'A merchant asks the operator for another account currency.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({
    id,
    ...(mayOperate(actor, 'currency:decide') ? {} : { OR: [visibleToMembers(actor, 'merchant:read')] }),
  }),
  authScopes: ({ merchantId }, { actor }) => mayRead(actor, merchantId),
  runScopesOnType: true,
  fields: (t) => ({
    merchantId: t.id({
      description: 'Global id of the merchant.',
      resolve: ({ merchantId }) => encodeGlobalID('Merchant', merchantId),
    }),
    merchantName: t.string({
      description: 'Name of the merchant.',
      select: { merchant: { select: { name: true } } },
      resolve: ({ merchant }) => merchant.name,
    }),
    currency: t.field({
      type: CurrencyType,
      description: 'The currency that is asked for.',
      resolve: ({ currency }) => currencyOf(currency),
    }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    status: t.expose('status', { type: RequestStatusEnum, description: 'What has become of it.' }),
    answer: t.exposeString('answer', { nullable: true, description: 'What the operator answered.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    decidedAt: t.expose('decidedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was decided.',
    }),
  }),
});

builder.prismaObjectFields(Merchant, (t) => ({
  currencyRequests: t.relatedConnection('currencyRequests', {
    cursor: 'id',
    description: 'Requests for another account currency, newest first.',
    authScopes: ({ id }, _args, { actor }) => actor.type === 'USER' && mayRead(actor, id),
    query: (args) => {
      checkCursors(args);
      return { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));

builder.queryFields((t) => ({
  currencyRequests: t.withAuth({ operator: 'currency:decide' }).prismaConnection({
    type: CurrencyRequest,
    cursor: 'id',
    description: 'For operators: requests for another account currency, newest first.',
    args: { status: t.arg({ type: RequestStatusEnum, description: 'Only those with this status.' }) },
    resolve: (query, _root, args, { prisma }) => {
      checkCursors(args);
      return prisma.currencyRequest.findMany({
        ...query,
        ...(args.status ? { where: { status: args.status } } : {}),
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));
