import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { CurrencyCodeEnum } from '../money/money.types.ts';
import { BankAccount } from './bank-account.types.ts';

const BankAccountAddInput = builder.inputType('BankAccountAddInput', {
  description: 'A bank account that payouts in fiat may go to.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'A fiat currency.' }),
    holder: t.string({ required: true, description: 'Whose account it is, 2 to 140 characters.' }),
    account: t.string({
      required: true,
      description: 'IBAN, where banks of the country have them; else the account number.',
    }),
    bankCode: t.string({
      description:
        'BIC, which an IBAN may go without; else routing number, sort code or the like, which is needed.',
    }),
    country: t.string({ required: true, description: "The bank's country, ISO 3166-1, two letters." }),
  }),
});

const BankAccountRemoveInput = builder.inputType('BankAccountRemoveInput', {
  description: 'A bank account that payouts may go to no more.',
  fields: (t) => ({
    bankAccountId: t.globalID({
      required: true,
      for: [BankAccount],
      description: 'Global id of the bank account.',
    }),
  }),
});

builder.mutationFields((t) => ({
  bankAccountAdd: t.withAuth({ user: true }).prismaField({
    type: BankAccount,
    description: 'Adds a bank account for payouts; they may go there 24 hours later.',
    args: { input: t.arg({ type: BankAccountAddInput, required: true, description: 'The bank account.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { bankAccountId: id } = unwrap(
        await usecases.bankAccountAdd(actor, { ...input, merchantId: input.merchantId.id }),
      );
      return prisma.bankAccount.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  bankAccountRemove: t.withAuth({ user: true }).prismaField({
    type: BankAccount,
    description: 'Removes a bank account for payouts at once. Safe to repeat.',
    args: {
      input: t.arg({ type: BankAccountRemoveInput, required: true, description: 'The bank account.' }),
    },
    errors: { types: [NotFoundError, StepUpRequiredError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { bankAccountId: id } = unwrap(
        await usecases.bankAccountRemove(actor, { bankAccountId: input.bankAccountId.id }),
      );
      return prisma.bankAccount.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
