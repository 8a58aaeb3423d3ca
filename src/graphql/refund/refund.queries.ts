import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { Invoice } from '../invoice/invoice.types.ts';
import { ModeEnum, money, MoneyType } from '../money/money.types.ts';
import { listedPlace } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { visibleRows } from '../project/visible-rows.ts';
import { refundConditions, RefundFilter, refundPage } from './refund-filter.ts';
import { Refund, RefundStatusEnum } from './refund.types.ts';

builder.queryFields((t) => ({
  refund: t.withAuth({ authenticated: true }).prismaField({
    type: Refund,
    nullable: true,
    description: 'A refund by its id; null when it is not yours to see.',
    args: { id: t.arg.globalID({ required: true, for: [Refund], description: 'Global id of the refund.' }) },
    resolve: (query, _root, { id }, { prisma, actor }) =>
      prisma.refund.findFirst({ ...query, where: { id: id.id, ...visibleRows(actor, 'invoice:read') } }),
  }),
  refunds: t.withAuth({ authenticated: true }).connection({
    type: Refund,
    description: 'Refunds of one project in one mode, newest first. An API key lists its own.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: RefundFilter, description: 'Which of them.' }),
    },
    resolve: async (_root, { projectId, mode, filter, ...page }, context) => {
      const place = await listedPlace(context, 'invoice:read', projectId?.id, mode);
      const list = { ...place, ...refundConditions(filter ?? {}) };
      return keysetPage(
        { refunds: true, ...list },
        page,
        (part) => refundPage(context.prisma, list, part),
        (refund) => refund,
      );
    },
  }),
}));

/** What refunds of invoices have brought back, in the invoice's currency, by the invoice. */
const refundedOf = batched(
  ({ prisma }: Pick<GraphQLContext, 'prisma'>, ids) =>
    prisma.refund.groupBy({
      by: ['invoiceId'],
      where: { invoiceId: { in: [...ids] }, status: 'SUCCEEDED' },
      _sum: { amount: true },
    }),
  ({ invoiceId }) => invoiceId,
);

builder.objectField(Invoice, 'amountRefunded', (t) =>
  t.field({
    type: MoneyType,
    description: 'What refunds of it have brought back to the payer.',
    resolve: async ({ id, currency }, _args, context) => {
      const sum = (await refundedOf(context, id))?._sum.amount;
      return sum ? money(sum, currency) : { minorUnits: 0n, currency };
    },
  }),
);

builder.objectField(Invoice, 'refunds', (t) =>
  t.connection({
    type: Refund,
    description: 'What goes back, or has gone back, to the payer of it, newest first.',
    args: { status: t.arg({ type: RefundStatusEnum, description: 'Only those of this status.' }) },
    resolve: ({ id: invoiceId }, { status, ...page }, { prisma }) => {
      const list = { invoiceId, ...(status ? { status } : {}) };
      return keysetPage(
        { refundsOf: true, ...list },
        page,
        (part) => refundPage(prisma, list, part),
        (refund) => refund,
      );
    },
  }),
);
