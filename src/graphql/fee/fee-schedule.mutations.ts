import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap } from '../core/errors.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { AssetCodeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { CurrencyAmountInput } from '../payout/payout.inputs.ts';
import { Project } from '../project/project.types.ts';
import { FeeSchedule } from './fee-schedule.types.ts';

const AssetFeeInput = builder.inputType('AssetFeeInput', {
  description: 'A fixed fee of an asset.',
  fields: (t) => ({
    asset: t.field({ type: AssetCodeEnum, required: true, description: 'The asset.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'In whole units, such as "0.50".' }),
  }),
});

const NetworkFeeInput = builder.inputType('NetworkFeeInput', {
  description: 'The network fee of a way to pay.',
  fields: (t) => ({
    asset: t.field({ type: AssetCodeEnum, required: true, description: 'What is sent.' }),
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'Over which network.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'In whole units of the asset.' }),
  }),
});

const FeeScheduleSetInput = builder.inputType('FeeScheduleSetInput', {
  description: 'What the gateway takes. The whole schedule of the scope is replaced.',
  fields: (t) => ({
    merchantId: t.globalID({ for: [Merchant], description: 'Global id of the merchant that it is for.' }),
    projectId: t.globalID({
      for: [Project],
      description: 'Global id of the project that it is for; without both it is for the gateway.',
    }),
    percent: t.field({
      type: 'Decimal',
      required: true,
      description: 'Of what is credited: 0 to 100 per cent with at most two decimals.',
    }),
    fixed: t.field({ type: [AssetFeeInput], description: 'By asset, taken once a payment; else none.' }),
    network: t.field({
      type: [NetworkFeeInput],
      description: 'By way to pay, taken once a payment; else none.',
    }),
    payoutMinimums: t.field({
      type: [CurrencyAmountInput],
      description: "By currency, the least that may be paid out; else the gateway's usual one.",
    }),
  }),
});

const FeeScheduleRemoveInput = builder.inputType('FeeScheduleRemoveInput', {
  description: 'Which schedule is taken away.',
  fields: (t) => ({
    feeScheduleId: t.globalID({
      required: true,
      for: [FeeSchedule],
      description: 'Global id of the schedule.',
    }),
  }),
});

const FeeScheduleRemoved = builder
  .objectRef<{ readonly feeScheduleId: string }>('FeeScheduleRemoved')
  .implement({
    description: 'A schedule is gone.',
    fields: (t) => ({
      feeScheduleId: t.id({
        description: 'Global id that it had.',
        resolve: ({ feeScheduleId }) => encodeGlobalID('FeeSchedule', feeScheduleId),
      }),
    }),
  });

builder.mutationFields((t) => ({
  feeScheduleSet: t.withAuth({ operator: 'fee:write' }).prismaField({
    type: FeeSchedule,
    description:
      'Says what the gateway takes, for itself, a merchant or a project. Quotes made before keep their terms.',
    args: { input: t.arg({ type: FeeScheduleSetInput, required: true, description: 'The schedule.' }) },
    errors: { types: [StepUpRequiredError, NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { feeScheduleId: id } = unwrap(
        await usecases.feeScheduleSet(actor, {
          ...input,
          merchantId: input.merchantId?.id,
          projectId: input.projectId?.id,
        }),
      );
      return prisma.feeSchedule.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  feeScheduleRemove: t.withAuth({ operator: 'fee:write' }).field({
    type: FeeScheduleRemoved,
    description: 'Takes a schedule away: the next wider one holds from now on.',
    args: { input: t.arg({ type: FeeScheduleRemoveInput, required: true, description: 'The schedule.' }) },
    errors: { types: [StepUpRequiredError, NotFoundError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.feeScheduleRemove(actor, { feeScheduleId: input.feeScheduleId.id })),
  }),
}));
