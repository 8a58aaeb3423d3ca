import { builder } from '../core/builder.ts';
import { keysetPage, partOf } from '../core/keyset-page.ts';
import { ModeEnum } from '../money/money.types.ts';
import { FiatPayout } from './fiat-payout.types.ts';

builder.queryFields((t) => ({
  fiatPayouts: t.withAuth({ operator: 'payout:settle' }).connection({
    type: FiatPayout,
    description: 'Payouts to bank accounts that wait for an operator, newest first.',
    args: {
      mode: t.arg({ type: ModeEnum, required: true, defaultValue: 'LIVE', description: 'In this mode.' }),
    },
    // By the index on open payouts of a kind.
    resolve: async (_root, { mode, ...args }, { prisma }) =>
      keysetPage(
        { fiatPayouts: true, mode },
        args,
        (part) => {
          const { bounds, ...page } = partOf(part);
          return prisma.payout.findMany({
            where: { kind: 'FIAT', status: 'QUEUED', mode, AND: bounds },
            ...page,
            include: { bankAccount: true, merchant: { select: { name: true } } },
          });
        },
        ({ createdAt, id }) => ({ createdAt, id }),
      ),
  }),
}));
