import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import {
  NotFoundError,
  SecondFactorRequiredError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { AssetCodeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { AutoWithdrawal } from './auto-withdrawal.types.ts';

const AutoWithdrawalCreateInput = builder.inputType('AutoWithdrawalCreateInput', {
  description: 'What is sent on, from which balance on, and where to.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    asset: t.field({ type: AssetCodeEnum, required: true, description: 'What is sent.' }),
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'Over which network.' }),
    address: t.string({ required: true, description: 'An address of that network.' }),
    threshold: t.field({
      type: 'Decimal',
      required: true,
      description: 'The balance from which on it is sent, in whole units of the asset.',
    }),
  }),
});

const AutoWithdrawalDisableInput = builder.inputType('AutoWithdrawalDisableInput', {
  description: 'The rule that sends nothing on any more.',
  fields: (t) => ({
    autoWithdrawalId: t.globalID({
      required: true,
      for: [AutoWithdrawal],
      description: 'Global id of the rule.',
    }),
  }),
});

builder.mutationFields((t) => ({
  autoWithdrawalCreate: t.withAuth({ user: true }).prismaField({
    type: AutoWithdrawal,
    description:
      'Sends on what is credited in LIVE mode, one rule an asset. For people with an authenticator (SECOND_FACTOR_REQUIRED).',
    args: { input: t.arg({ type: AutoWithdrawalCreateInput, required: true, description: 'The rule.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, SecondFactorRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { autoWithdrawalId: id } = unwrap(
        await usecases.autoWithdrawalCreate(actor, { ...input, merchantId: input.merchantId.id }),
      );
      return prisma.autoWithdrawal.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  autoWithdrawalDisable: t.withAuth({ user: true }).prismaField({
    type: AutoWithdrawal,
    description: 'Sends nothing on by this rule any more; what is on its way goes on. Safe to repeat.',
    args: { input: t.arg({ type: AutoWithdrawalDisableInput, required: true, description: 'The rule.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { autoWithdrawalId: id } = unwrap(
        await usecases.autoWithdrawalDisable(actor, { autoWithdrawalId: input.autoWithdrawalId.id }),
      );
      return prisma.autoWithdrawal.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
