import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { NetworkCodeEnum } from '../money/money.types.ts';
import { WithdrawalAddress } from './withdrawal.types.ts';

const WithdrawalAddressAddInput = builder.inputType('WithdrawalAddressAddInput', {
  description: 'An address that payouts may go to.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'The network.' }),
    address: t.string({ required: true, description: 'An address of that network.' }),
    label: t.string({ required: true, description: 'What people call it, 1 to 100 characters.' }),
  }),
});

const WithdrawalAddressRemoveInput = builder.inputType('WithdrawalAddressRemoveInput', {
  description: 'An address that payouts may go to no more.',
  fields: (t) => ({
    withdrawalAddressId: t.globalID({
      required: true,
      for: [WithdrawalAddress],
      description: 'Global id of the listed address.',
    }),
  }),
});

const WithdrawalWhitelistUpdateInput = builder.inputType('WithdrawalWhitelistUpdateInput', {
  description: 'Whether payouts go to listed addresses only.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    enabled: t.boolean({ required: true, description: 'True for listed addresses only.' }),
  }),
});

builder.mutationFields((t) => ({
  withdrawalAddressAdd: t.withAuth({ user: true }).prismaField({
    type: WithdrawalAddress,
    description: 'Lists an address for payouts; they may go there 24 hours later.',
    args: { input: t.arg({ type: WithdrawalAddressAddInput, required: true, description: 'The address.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const added = unwrap(
        await usecases.withdrawalAddressAdd(actor, { ...input, merchantId: input.merchantId.id }),
      );
      return prisma.withdrawalAddress.findUniqueOrThrow({
        ...query,
        where: { id: added.withdrawalAddressId },
      });
    },
  }),
  withdrawalAddressRemove: t.withAuth({ user: true }).prismaField({
    type: WithdrawalAddress,
    description: 'Takes an address for payouts off the list at once. Safe to repeat.',
    args: {
      input: t.arg({ type: WithdrawalAddressRemoveInput, required: true, description: 'The address.' }),
    },
    errors: { types: [NotFoundError, StepUpRequiredError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const removed = unwrap(
        await usecases.withdrawalAddressRemove(actor, { withdrawalAddressId: input.withdrawalAddressId.id }),
      );
      return prisma.withdrawalAddress.findUniqueOrThrow({
        ...query,
        where: { id: removed.withdrawalAddressId },
      });
    },
  }),
  withdrawalWhitelistUpdate: t.withAuth({ user: true }).prismaField({
    type: Merchant,
    description:
      'Lets payouts go to listed addresses only, or to any. Switching off holds payouts back for 24 hours.',
    args: {
      input: t.arg({ type: WithdrawalWhitelistUpdateInput, required: true, description: 'The choice.' }),
    },
    errors: { types: [NotFoundError, StepUpRequiredError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { merchantId } = unwrap(
        await usecases.withdrawalWhitelistUpdate(actor, {
          merchantId: input.merchantId.id,
          enabled: input.enabled,
        }),
      );
      return prisma.merchant.findUniqueOrThrow({ ...query, where: { id: merchantId } });
    },
  }),
}));
