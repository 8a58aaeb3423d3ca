import { builder } from '../core/builder.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { Invoice } from '../invoice/invoice.types.ts';
import { ModeEnum } from '../money/money.types.ts';
import { Payment } from '../payment/payment.types.ts';
import { listedPlace } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { visibleRows } from '../project/visible-rows.ts';
import { reboundConditions, ReboundFilter, reboundPage } from './rebound-filter.ts';
import { Rebound } from './rebound.types.ts';

builder.queryFields((t) => ({
  rebound: t.withAuth({ authenticated: true }).prismaField({
    type: Rebound,
    nullable: true,
    description: 'A rebound by its id; null when it is not yours to see.',
    args: {
      id: t.arg.globalID({ required: true, for: [Rebound], description: 'Global id of the rebound.' }),
    },
    resolve: (query, _root, { id }, { prisma, actor }) =>
      prisma.rebound.findFirst({ ...query, where: { id: id.id, ...visibleRows(actor, 'invoice:read') } }),
  }),
  rebounds: t.withAuth({ authenticated: true }).connection({
    type: Rebound,
    description: 'Rebounds of one project in one mode, newest first. An API key lists its own.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: ReboundFilter, description: 'Which of them.' }),
    },
    resolve: async (_root, { projectId, mode, filter, ...page }, context) => {
      const place = await listedPlace(context, 'invoice:read', projectId?.id, mode);
      const list = { ...place, ...reboundConditions(filter ?? {}) };
      return keysetPage(
        { rebounds: true, ...list },
        page,
        (part) => reboundPage(context.prisma, list, part),
        (rebound) => rebound,
      );
    },
  }),
}));

builder.objectField(Invoice, 'rebounds', (t) =>
  t.connection({
    type: Rebound,
    description:
      'What of its payments goes back, or has gone back, to the payer instead of being credited, newest first.',
    resolve: ({ id: invoiceId }, page, { prisma }) =>
      keysetPage(
        { reboundsOfInvoice: invoiceId },
        page,
        (part) => reboundPage(prisma, { invoiceId }, part),
        (rebound) => rebound,
      ),
  }),
);

builder.objectField(Payment, 'rebounds', (t) =>
  t.connection({
    type: Rebound,
    description: 'What of it goes back, or has gone back, to its payer, newest first.',
    resolve: ({ id: paymentId }, page, { prisma }) =>
      keysetPage(
        { reboundsOf: paymentId },
        page,
        (part) => reboundPage(prisma, { paymentId }, part),
        (rebound) => rebound,
      ),
  }),
);
