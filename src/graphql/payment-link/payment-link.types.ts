import { builder } from '../core/builder.ts';
import { Invoice } from '../invoice/invoice.types.ts';
import { CurrencyCodeEnum, ModeEnum, money, MoneyType } from '../money/money.types.ts';
import { visibleRows } from '../project/visible-rows.ts';

export const PaymentLink = builder.prismaNode('PaymentLink', {
  description:
    'A permanent link that takes any amount within its bounds; each payer gets an invoice of the own.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleRows(actor, 'invoice:read') }),
  authScopes: ({ merchantId, projectId, mode }) => ({
    right: { right: 'invoice:read', place: { merchantId, projectId, mode } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
    url: t.field({
      type: 'URL',
      description: 'The page that payers open.',
      select: { id: true },
      resolve: ({ id }, _args, { publicUrl }) => `${publicUrl}/l/${id}`,
    }),
    title: t.exposeString('title', { description: 'What payers read first.' }),
    description: t.exposeString('description', { nullable: true, description: 'What payers read besides.' }),
    currency: t.field({
      type: CurrencyCodeEnum,
      description: 'The currency that payers choose an amount in.',
      select: { currency: true },
      resolve: ({ currency }) => currency as typeof CurrencyCodeEnum.$inferType,
    }),
    minimumAmount: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The least that it takes; null for no bound.',
      select: { minimumAmount: true, currency: true },
      resolve: ({ minimumAmount, currency }) => minimumAmount && money(minimumAmount, currency),
    }),
    maximumAmount: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The most that it takes; null for no bound.',
      select: { maximumAmount: true, currency: true },
      resolve: ({ maximumAmount, currency }) => maximumAmount && money(maximumAmount, currency),
    }),
    returnUrl: t.expose('returnUrl', {
      type: 'URL',
      nullable: true,
      description: 'Where payers go when they have paid.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it takes nothing new; null while it does.',
    }),
    project: t.relation('project', { description: 'The project that is paid.' }),
  }),
});

builder.objectField(Invoice, 'paymentLink', (t) =>
  t.prismaField({
    type: PaymentLink,
    nullable: true,
    description: 'The payment link that it was made by, if it was.',
    resolve: (query, { paymentLinkId }, _args, { prisma }) =>
      paymentLinkId === null
        ? null
        : prisma.paymentLink.findUnique({ ...query, where: { id: paymentLinkId } }),
  }),
);
