import { builder } from '../core/builder.ts';
import {
  BalanceShortError,
  IdempotencyKeyReusedError,
  LimitReachedError,
  NotFoundError,
  RateUnavailableError,
  SecondFactorRequiredError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { Invoice } from '../invoice/invoice.types.ts';
import { Refund, RefundReasonEnum } from './refund.types.ts';

const PROOF = [SecondFactorRequiredError, StepUpRequiredError] as const;

const RefundCreateInput = builder.inputType('RefundCreateInput', {
  description: 'How much of which invoice goes back.',
  fields: (t) => ({
    invoiceId: t.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
    amount: t.field({
      type: 'Decimal',
      description: "In the invoice's currency; left out: all that can still be refunded.",
    }),
    reason: t.field({ type: RefundReasonEnum, description: 'Why.' }),
    description: t.string({ description: 'Your own words, 1 to 1000 characters.' }),
    subMerchantId: t.string({
      description: 'External id of the sub-merchant; needed where the invoice has one, and the same.',
    }),
    idempotencyKey: t.string({
      description: 'Repeats with the same key and input give the same refund, for ever. 1 to 255 characters.',
    }),
  }),
});

const RefundCancelInput = builder.inputType('RefundCancelInput', {
  description: 'Which refund to call off.',
  fields: (t) => ({
    refundId: t.globalID({ required: true, for: [Refund], description: 'Global id of the refund.' }),
  }),
});

const RefundClaimResendInput = builder.inputType('RefundClaimResendInput', {
  description: 'Whom to ask where a refund is to go.',
  fields: (t) => ({
    refundId: t.globalID({ required: true, for: [Refund], description: 'Global id of the refund.' }),
    email: t.string({ description: "The payer's e-mail address; the one that is known when left out." }),
    idempotencyKey: t.string({
      description:
        'Repeated with the same key it sends no other mail, and the link that was sent stays good.',
    }),
  }),
});

builder.mutationFields((t) => ({
  refundCreate: t.withAuth({ authenticated: true }).prismaField({
    type: Refund,
    description: 'Gives money of an invoice back to its payer, who is asked by e-mail where it is to go.',
    args: { input: t.arg({ type: RefundCreateInput, required: true, description: 'The refund.' }) },
    errors: {
      types: [
        NotFoundError,
        WrongStateError,
        RateUnavailableError,
        LimitReachedError,
        BalanceShortError,
        IdempotencyKeyReusedError,
        ...PROOF,
      ],
    },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const made = await usecases.refundCreate(actor, { ...input, invoiceId: input.invoiceId.id });
      return prisma.refund.findUniqueOrThrow({ ...query, where: { id: unwrap(made).refundId } });
    },
  }),
  refundCancel: t.withAuth({ authenticated: true }).prismaField({
    type: Refund,
    description: 'Calls a refund off whose payer has not said where it is to go. Safe to repeat.',
    args: { input: t.arg({ type: RefundCancelInput, required: true, description: 'The refund.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const done = await usecases.refundCancel(actor, { refundId: input.refundId.id });
      return prisma.refund.findUniqueOrThrow({ ...query, where: { id: unwrap(done).refundId } });
    },
  }),
  refundClaimResend: t.withAuth({ authenticated: true }).prismaField({
    type: Refund,
    description: 'Sends the payer a new link to say where a refund is to go; a former link works no more.',
    args: { input: t.arg({ type: RefundClaimResendInput, required: true, description: 'The refund.' }) },
    errors: { types: [NotFoundError, WrongStateError, IdempotencyKeyReusedError, ...PROOF] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const sent = await usecases.refundClaimResend(actor, { ...input, refundId: input.refundId.id });
      return prisma.refund.findUniqueOrThrow({ ...query, where: { id: unwrap(sent).refundId } });
    },
  }),
}));
