import { queryFromInfo } from '@pothos/plugin-prisma';
import { BankAccount } from '../bank-account/bank-account.types.ts';
import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { ModeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { visibleProjects, visibleRows, visibleToMembers } from '../project/visible-rows.ts';
import { Rebound } from '../rebound/rebound.types.ts';
import { Refund } from '../refund/refund.types.ts';
import { PayoutBatch } from './payout-batch.queries.ts';
import { PayoutFilter, payoutPage, payoutsOf } from './payout-filter.ts';
import { Payout } from './payout.types.ts';

type Reads = Pick<GraphQLContext, 'prisma' | 'actor'>;

const projectOf = batched(
  ({ prisma, actor }: Reads, ids) =>
    prisma.project.findMany({ where: { id: { in: [...ids] }, ...visibleProjects(actor, 'project:read') } }),
  ({ id }) => id,
);
const bankAccountOf = batched(
  ({ prisma, actor }: Reads, ids) =>
    prisma.bankAccount.findMany({
      where: { id: { in: [...ids] }, ...visibleToMembers(actor, 'withdrawal:read') },
    }),
  ({ id }) => id,
);
const refundOf = batched(
  ({ prisma, actor }: Reads, ids) =>
    prisma.refund.findMany({ where: { id: { in: [...ids] }, ...visibleRows(actor, 'invoice:read') } }),
  ({ id }) => id,
);
const reboundOf = batched(
  ({ prisma, actor }: Reads, ids) =>
    prisma.rebound.findMany({ where: { id: { in: [...ids] }, ...visibleRows(actor, 'invoice:read') } }),
  ({ id }) => id,
);

/** Where a payout comes from and where it goes to; each null where there is none, or it is not the caller's to see. */
builder.prismaObjectFields(Payout, (t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'Its project; null where a person asked for the merchant.',
    resolve: ({ projectId }, _args, context) => (projectId === null ? null : projectOf(context, projectId)),
  }),
  bankAccount: t.field({
    type: BankAccount,
    nullable: true,
    description: 'The bank account that it goes to; null for an address.',
    resolve: ({ bankAccountId }, _args, context) =>
      bankAccountId === null ? null : bankAccountOf(context, bankAccountId),
  }),
  batch: t.field({
    type: PayoutBatch,
    nullable: true,
    description: 'The batch that it was asked for in.',
    resolve: ({ batchId }) => (batchId === null ? null : { id: batchId }),
  }),
  batchRow: t.exposeInt('batchRow', { nullable: true, description: 'Its row in that batch, from 0 on.' }),
  refund: t.field({
    type: Refund,
    nullable: true,
    description: 'The refund that it carries out.',
    resolve: ({ origin, sourceId }, _args, context) =>
      origin !== 'REFUND' || sourceId === null ? null : refundOf(context, sourceId),
  }),
  rebound: t.field({
    type: Rebound,
    nullable: true,
    description: 'The rebound that it carries out.',
    resolve: ({ origin, sourceId }, _args, context) =>
      origin !== 'REBOUND' || sourceId === null ? null : reboundOf(context, sourceId),
  }),
}));

builder.prismaObjectField(Project, 'payouts', (t) =>
  t.connection({
    type: Payout,
    description: 'Payouts of the project in one mode, newest first.',
    authScopes: ({ merchantId, id }) => ({
      right: { right: 'payout:read', place: { merchantId, projectId: id, mode: 'ANY' } },
    }),
    args: {
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: PayoutFilter, description: 'Which of them.' }),
    },
    resolve: async ({ merchantId, id }, { mode, filter, ...page }, context, info) => {
      const of = { ...filter, projectId: { typename: 'Project' as const, id } };
      const list = await payoutsOf(context, { merchantId, mode }, of);
      const query = queryFromInfo({ context, info, path: ['edges', 'node'] });
      return keysetPage(
        { payoutsOf: true, ...list },
        page,
        (part) => payoutPage(context.prisma, list, part, query),
        (payout) => payout,
      );
    },
  }),
);
