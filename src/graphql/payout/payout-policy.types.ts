import { keptAmounts } from '../../domain/fee/fee-schedule.ts';
import { narrowest } from '../../domain/fee/fee-scope.ts';
import { NO_POLICY, type KeptPolicy } from '../../domain/payout/payout-policy.ts';
import { payoutMinimums } from '../../domain/payout/payout-terms.ts';
import { Merchant } from '../account/account.types.ts';
import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { MoneyType } from '../money/money.types.ts';

const amounts = (of: Readonly<Record<string, bigint>>) =>
  Object.entries(of).map(([currency, minorUnits]) => ({ minorUnits, currency }));

const PayoutPolicyType = builder.objectRef<KeptPolicy>('PayoutPolicy').implement({
  description: 'What payouts and refunds of a merchant need.',
  fields: (t) => ({
    revision: t.exposeInt('revision', { description: 'Grows with every change; a change names it.' }),
    approvalsRequired: t.exposeInt('approvalsRequired', {
      description: 'Members who must agree besides the one who asks.',
    }),
    approvalAbove: t.field({
      type: [MoneyType],
      description: 'From which amount on, by currency; a currency without needs them always.',
      resolve: ({ approvalAbove }) => amounts(approvalAbove),
    }),
    dailyLimit: t.field({
      type: [MoneyType],
      description:
        'What may be asked for, and what may be sent, within any 24 hours, by currency; a currency without has no limit. A refund counts in what is sent and in what is debited for it.',
      resolve: ({ dailyLimit }) => amounts(dailyLimit),
    }),
  }),
});

/** The least that may be paid out, by the narrowest schedule of merchants as a whole. */
const minimumsOf = batched(
  async ({ prisma }: Pick<GraphQLContext, 'prisma'>, ids) => {
    const schedules = await prisma.feeSchedule.findMany({
      where: { projectId: null, OR: [{ merchantId: { in: [...ids] } }, { merchantId: null }] },
    });
    return ids.map((id) => {
      const schedule = narrowest(schedules.filter(({ merchantId: of }) => of === null || of === id));
      const set = keptAmounts(schedule?.payoutMinimums);
      return { id, minimums: amounts(payoutMinimums({ payoutMinimums: set })) };
    });
  },
  ({ id }) => id,
);

builder.prismaObjectFields(Merchant, (t) => ({
  payoutMinimums: t.field({
    type: [MoneyType],
    description:
      'The least that may be paid out, by currency, where a project has no fees of its own; of other currencies anything ' +
      'that arrives.',
    authScopes: ({ id }) => ({ right: { right: 'payout:read', place: { merchantId: id } } }),
    resolve: async ({ id }, _args, context) => (await minimumsOf(context, id))?.minimums ?? [],
  }),
  payoutPolicy: t.field({
    type: PayoutPolicyType,
    description: 'What payouts and refunds need, and how much may leave in a day.',
    authScopes: ({ id }) => ({ right: { right: 'payout:read', place: { merchantId: id } } }),
    select: { payoutPolicy: true },
    resolve: ({ payoutPolicy: kept }) =>
      kept === null
        ? NO_POLICY
        : {
            revision: kept.revision,
            approvalsRequired: kept.approvalsRequired,
            approvalAbove: keptAmounts(kept.approvalAbove),
            dailyLimit: keptAmounts(kept.dailyLimit),
          },
  }),
}));
