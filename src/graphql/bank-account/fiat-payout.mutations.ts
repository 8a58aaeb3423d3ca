import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { Payout } from '../payout/payout.types.ts';
import { FiatPayout } from './fiat-payout.types.ts';

const FiatPayoutTakeInput = builder.inputType('FiatPayoutTakeInput', {
  description: 'What is to be transferred.',
  fields: (t) => ({
    payoutId: t.globalID({ required: true, for: [Payout], description: 'Global id of the payout.' }),
  }),
});

const FiatPayoutSettleInput = builder.inputType('FiatPayoutSettleInput', {
  description: 'What the bank has sent.',
  fields: (t) => ({
    payoutId: t.globalID({ required: true, for: [Payout], description: 'Global id of the payout.' }),
    bankReference: t.string({
      required: true,
      description: "The bank's reference of the transfer, 1 to 140 characters; told to the merchant.",
    }),
  }),
});

const FiatPayoutRejectInput = builder.inputType('FiatPayoutRejectInput', {
  description: 'What is not sent.',
  fields: (t) => ({
    payoutId: t.globalID({ required: true, for: [Payout], description: 'Global id of the payout.' }),
    reason: t.string({ required: true, description: 'Told to the merchant, 1 to 1,000 characters.' }),
  }),
});

builder.mutationFields((t) => ({
  fiatPayoutTake: t.withAuth({ operator: 'payout:settle' }).prismaField({
    type: FiatPayout,
    description:
      'Begins the transfer of a payout, for operators, before the bank is told: from then on the merchant cannot call it off. Once; refused while payouts are held, and for an account that is not to be paid.',
    args: { input: t.arg({ type: FiatPayoutTakeInput, required: true, description: 'Which.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId: id } = unwrap(await usecases.fiatPayoutTake(actor, { payoutId: input.payoutId.id }));
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  fiatPayoutSettle: t.withAuth({ operator: 'payout:settle' }).prismaField({
    type: FiatPayout,
    description: 'Says that the bank has sent a payout that was taken, for operators. Once.',
    args: { input: t.arg({ type: FiatPayoutSettleInput, required: true, description: 'The transfer.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId: id } = unwrap(
        await usecases.fiatPayoutSettle(actor, { ...input, payoutId: input.payoutId.id }),
      );
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  fiatPayoutReject: t.withAuth({ operator: 'payout:settle' }).prismaField({
    type: FiatPayout,
    description: 'Rejects a payout to a bank account, for operators; its money is available again. Once.',
    args: { input: t.arg({ type: FiatPayoutRejectInput, required: true, description: 'Which, and why.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId: id } = unwrap(
        await usecases.fiatPayoutReject(actor, { ...input, payoutId: input.payoutId.id }),
      );
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
