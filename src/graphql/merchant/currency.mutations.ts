import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { CurrencyCodeEnum } from '../money/money.types.ts';
import { CurrencyRequest } from './currency-request.types.ts';

const MerchantCurrencyChangeInput = builder.inputType('MerchantCurrencyChangeInput', {
  description: 'Another account currency.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'The new currency.' }),
  }),
});

const MerchantCurrencyRequestInput = builder.inputType('MerchantCurrencyRequestInput', {
  description: 'A request for another account currency.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'The wanted currency.' }),
    reason: t.string({ required: true, description: 'Why, 1 to 1000 characters.' }),
  }),
});

const DecisionEnum = builder.enumType('Decision', {
  description: 'What an operator decides.',
  values: {
    APPROVED: { description: 'Granted.' },
    REJECTED: { description: 'Turned down.' },
  } as const,
});

const CurrencyRequestDecideInput = builder.inputType('CurrencyRequestDecideInput', {
  description: 'The decision on a request.',
  fields: (t) => ({
    requestId: t.globalID({
      required: true,
      for: [CurrencyRequest],
      description: 'Global id of the request.',
    }),
    decision: t.field({ type: DecisionEnum, required: true, description: 'The decision.' }),
    answer: t.string({ description: 'Told to the merchant, at most 1000 characters; needed with REJECTED.' }),
  }),
});

builder.mutationFields((t) => ({
  merchantCurrencyChange: t.withAuth({ user: true }).prismaField({
    type: Merchant,
    description: 'Changes the account currency while there are no live payments and no negative balance.',
    args: {
      input: t.arg({ type: MerchantCurrencyChangeInput, required: true, description: 'The currency.' }),
    },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { id: merchantId } = input.merchantId;
      unwrap(await usecases.merchantCurrencyChange(actor, { merchantId, currency: input.currency }));
      return prisma.merchant.findUniqueOrThrow({ ...query, where: { id: merchantId } });
    },
  }),
  merchantCurrencyRequest: t.withAuth({ user: true }).prismaField({
    type: CurrencyRequest,
    description: 'Asks the operator for another account currency. One request waits at a time.',
    args: {
      input: t.arg({ type: MerchantCurrencyRequestInput, required: true, description: 'The request.' }),
    },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const request = { ...input, merchantId: input.merchantId.id };
      const { requestId } = unwrap(await usecases.merchantCurrencyRequest(actor, request));
      return prisma.currencyRequest.findUniqueOrThrow({ ...query, where: { id: requestId } });
    },
  }),
  currencyRequestDecide: t.withAuth({ operator: 'currency:decide' }).prismaField({
    type: CurrencyRequest,
    description: 'For operators: decides on another account currency, once.',
    args: {
      input: t.arg({ type: CurrencyRequestDecideInput, required: true, description: 'The decision.' }),
    },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { decision, answer } = input;
      const { id: requestId } = input.requestId;
      unwrap(await usecases.currencyRequestDecide(actor, { requestId, decision, answer: answer ?? null }));
      return prisma.currencyRequest.findUniqueOrThrow({ ...query, where: { id: requestId } });
    },
  }),
}));
