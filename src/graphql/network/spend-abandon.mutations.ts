import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { NetworkCodeEnum } from '../money/money.types.ts';

const SpendAbandonInput = builder.inputType('SpendAbandonInput', {
  description: 'A signed transaction that can never be mined.',
  fields: (t) => ({
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'Its network.' }),
    txId: t.string({
      required: true,
      description: 'Id of the transaction, as the message about it names it.',
    }),
  }),
});

const SpendAbandonPayload = builder.objectRef<{ isPayout: boolean }>('SpendAbandonPayload').implement({
  description: 'What was given up. It ends when the chain has proved that it can never be mined.',
  fields: (t) => ({
    isPayout: t.exposeBoolean('isPayout', {
      description: 'Whether it carries a payout, which fails with it; else it moves money of the gateway.',
    }),
  }),
});

builder.mutationFields((t) => ({
  spendAbandon: t.withAuth({ operator: 'custody:write' }).field({
    type: SpendAbandonPayload,
    description:
      'Gives up a signed transaction whose nonce or coin another transaction used (custody.spend_stuck, FOREIGN), for operators.',
    args: { input: t.arg({ type: SpendAbandonInput, required: true, description: 'Which.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) => {
      const { payoutId } = unwrap(await usecases.spendAbandon(actor, input));
      return { isPayout: payoutId !== null };
    },
  }),
}));
