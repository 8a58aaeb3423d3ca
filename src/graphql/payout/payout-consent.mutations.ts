import { builder } from '../core/builder.ts';
import {
  NotFoundError,
  SecondFactorRequiredError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { PayoutDecisionInput } from './payout.inputs.ts';
import { Payout } from './payout.types.ts';

const ERRORS = [NotFoundError, WrongStateError, SecondFactorRequiredError, StepUpRequiredError] as const;

builder.mutationFields((t) => ({
  payoutApprove: t.withAuth({ user: true }).prismaField({
    type: Payout,
    description: 'Agrees to a payout that somebody else asked for.',
    args: { input: t.arg({ type: PayoutDecisionInput, required: true, description: 'The payout.' }) },
    errors: { types: [...ERRORS] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId } = unwrap(
        await usecases.payoutApprove(actor, { ...input, payoutId: input.payoutId.id }),
      );
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id: payoutId } });
    },
  }),
  payoutReject: t.withAuth({ user: true }).prismaField({
    type: Payout,
    description: 'Refuses a payout that waits for approvals.',
    args: { input: t.arg({ type: PayoutDecisionInput, required: true, description: 'The payout.' }) },
    errors: { types: [...ERRORS] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId } = unwrap(
        await usecases.payoutReject(actor, { ...input, payoutId: input.payoutId.id }),
      );
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id: payoutId } });
    },
  }),
}));
