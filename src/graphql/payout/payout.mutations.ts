import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import {
  BalanceShortError,
  IdempotencyKeyReusedError,
  LimitReachedError,
  NotFoundError,
  SecondFactorRequiredError,
  StepUpRequiredError,
  TestModeOnlyError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import {
  PayoutDecisionInput,
  PayoutPolicyUpdateInput,
  PayoutRequestInput,
  TestPayoutSimulateInput,
} from './payout.inputs.ts';
import { Payout } from './payout.types.ts';

const PROOF = [SecondFactorRequiredError, StepUpRequiredError] as const;

builder.mutationFields((t) => ({
  payoutCreate: t.withAuth({ authenticated: true }).prismaField({
    type: Payout,
    description: 'Asks for a payout; its amount is set aside at once.',
    args: { input: t.arg({ type: PayoutRequestInput, required: true, description: 'The payout.' }) },
    errors: {
      types: [
        NotFoundError,
        WrongStateError,
        BalanceShortError,
        LimitReachedError,
        IdempotencyKeyReusedError,
        ...PROOF,
      ],
    },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId } = unwrap(
        await usecases.payoutCreate(actor, {
          ...input,
          merchantId: input.merchantId?.id,
          bankAccountId: input.bankAccountId?.id,
        }),
      );
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id: payoutId } });
    },
  }),
  payoutCancel: t.withAuth({ authenticated: true }).prismaField({
    type: Payout,
    description: 'Calls a payout off while nothing of it is signed.',
    args: { input: t.arg({ type: PayoutDecisionInput, required: true, description: 'The payout.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId } = unwrap(
        await usecases.payoutCancel(actor, { ...input, payoutId: input.payoutId.id }),
      );
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id: payoutId } });
    },
  }),
  testPayoutSimulate: t.withAuth({ authenticated: true }).prismaField({
    type: Payout,
    description:
      'Carries a queued TEST payout out without a chain, also one of a refund or rebound, which ends with it: it arrives, or fails.',
    args: { input: t.arg({ type: TestPayoutSimulateInput, required: true, description: 'The payout.' }) },
    errors: { types: [NotFoundError, TestModeOnlyError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { payoutId: id } = unwrap(
        await usecases.testPayoutSimulate(actor, { ...input, payoutId: input.payoutId.id }),
      );
      return prisma.payout.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  payoutPolicyUpdate: t.withAuth({ user: true }).prismaField({
    type: Merchant,
    description: 'Says how many members must agree to payouts, and how much may leave in a day.',
    args: { input: t.arg({ type: PayoutPolicyUpdateInput, required: true, description: 'The rules.' }) },
    errors: { types: [NotFoundError, WrongStateError, ...PROOF] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { merchantId } = unwrap(
        await usecases.payoutPolicyUpdate(actor, { ...input, merchantId: input.merchantId.id }),
      );
      return prisma.merchant.findUniqueOrThrow({ ...query, where: { id: merchantId } });
    },
  }),
}));
