import type { Money } from '../../domain/money/money.ts';
import { builder } from '../core/builder.ts';
import {
  IdempotencyKeyReusedError,
  NotFoundError,
  ProjectNotActiveError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { CurrencyCodeEnum, ModeEnum, MoneyType } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { PaymentLink } from './payment-link.types.ts';

const PaymentLinkCreateInput = builder.inputType('PaymentLinkCreateInput', {
  description: 'A new payment link.',
  fields: (t) => ({
    projectId: t.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
    mode: t.field({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    title: t.string({ required: true, description: 'What payers read first, 1 to 100 characters.' }),
    description: t.string({ description: 'What payers read besides, at most 1,000 characters.' }),
    currency: t.field({
      type: CurrencyCodeEnum,
      required: true,
      description: 'The currency that payers choose an amount in; it stays.',
    }),
    minimumAmount: t.field({ type: 'Decimal', description: 'The least that it takes.' }),
    maximumAmount: t.field({ type: 'Decimal', description: 'The most that it takes.' }),
    returnUrl: t.field({ type: 'URL', description: 'Where payers go when they have paid.' }),
  }),
});

const PaymentLinkUpdateInput = builder.inputType('PaymentLinkUpdateInput', {
  description: 'What to change of a link. What is left out stays as it is; null takes it away.',
  fields: (t) => ({
    paymentLinkId: t.globalID({ required: true, for: [PaymentLink], description: 'Global id of the link.' }),
    title: t.string({ description: 'What payers read first, 1 to 100 characters; there is always one.' }),
    description: t.string({ description: 'What payers read besides, at most 1,000 characters.' }),
    minimumAmount: t.field({ type: 'Decimal', description: 'The least that it takes.' }),
    maximumAmount: t.field({ type: 'Decimal', description: 'The most that it takes.' }),
    returnUrl: t.field({ type: 'URL', description: 'Where payers go when they have paid.' }),
  }),
});

const PaymentLinkDisableInput = builder.inputType('PaymentLinkDisableInput', {
  description: 'Which link to disable.',
  fields: (t) => ({
    paymentLinkId: t.globalID({ required: true, for: [PaymentLink], description: 'Global id of the link.' }),
  }),
});

const PaymentLinkEnableInput = builder.inputType('PaymentLinkEnableInput', {
  description: 'Which link to enable again.',
  fields: (t) => ({
    paymentLinkId: t.globalID({ required: true, for: [PaymentLink], description: 'Global id of the link.' }),
  }),
});

const PaymentLinkPayInput = builder.inputType('PaymentLinkPayInput', {
  description: "A payer's choice.",
  fields: (t) => ({
    paymentLinkId: t.globalID({ required: true, for: [PaymentLink], description: 'Global id of the link.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: "In whole units of the link's currency, within its bounds.",
    }),
    customerEmail: t.string({ description: "The payer's e-mail address." }),
    idempotencyKey: t.string({
      description:
        'Repeat the request with the same key and get the same invoice. Random: all payers share the key of the page.',
    }),
  }),
});

interface PaymentLinkInvoice {
  readonly id: string;
  readonly amount: Money;
  readonly expiresAt: Date;
}

/** Who pays by a publishable key may not read invoices: this is all that is told. */
const PaymentLinkPayPayload = builder.objectRef<PaymentLinkInvoice>('PaymentLinkPayPayload').implement({
  description: 'The invoice that was made for a payer.',
  fields: (t) => ({
    invoiceId: t.id({
      description: 'Global id of the invoice, for quoteCreate.',
      resolve: ({ id }) => encodeGlobalID('Invoice', id),
    }),
    amount: t.field({ type: MoneyType, description: 'The price.', resolve: ({ amount }) => amount }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be paid.' }),
  }),
});

builder.mutationFields((t) => ({
  paymentLinkCreate: t.withAuth({ authenticated: true }).prismaField({
    type: PaymentLink,
    description: 'Makes a permanent link that anybody can pay any amount by.',
    args: { input: t.arg({ type: PaymentLinkCreateInput, required: true, description: 'The link.' }) },
    errors: { types: [NotFoundError, ProjectNotActiveError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { projectId, ...rest } = input;
      const made = await usecases.paymentLinkCreate(actor, { ...rest, projectId: projectId?.id ?? null });
      return prisma.paymentLink.findUniqueOrThrow({ ...query, where: { id: unwrap(made).paymentLinkId } });
    },
  }),
  paymentLinkUpdate: t.withAuth({ authenticated: true }).prismaField({
    type: PaymentLink,
    description: 'Changes a link. Invoices that were made by it keep what they have.',
    args: { input: t.arg({ type: PaymentLinkUpdateInput, required: true, description: 'The changes.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const done = await usecases.paymentLinkUpdate(actor, {
        ...input,
        paymentLinkId: input.paymentLinkId.id,
      });
      return prisma.paymentLink.findUniqueOrThrow({ ...query, where: { id: unwrap(done).paymentLinkId } });
    },
  }),
  paymentLinkDisable: t.withAuth({ authenticated: true }).prismaField({
    type: PaymentLink,
    description: 'Takes nothing new by a link; its open invoices can still be paid. Safe to repeat.',
    args: { input: t.arg({ type: PaymentLinkDisableInput, required: true, description: 'The link.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const done = await usecases.paymentLinkDisable(actor, { paymentLinkId: input.paymentLinkId.id });
      return prisma.paymentLink.findUniqueOrThrow({ ...query, where: { id: unwrap(done).paymentLinkId } });
    },
  }),
  paymentLinkEnable: t.withAuth({ authenticated: true }).prismaField({
    type: PaymentLink,
    description: 'Lets a disabled link take payments again. Safe to repeat.',
    args: { input: t.arg({ type: PaymentLinkEnableInput, required: true, description: 'The link.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const done = await usecases.paymentLinkEnable(actor, { paymentLinkId: input.paymentLinkId.id });
      return prisma.paymentLink.findUniqueOrThrow({ ...query, where: { id: unwrap(done).paymentLinkId } });
    },
  }),
  paymentLinkPay: t.withAuth({ authenticated: true }).field({
    type: PaymentLinkPayPayload,
    description: 'Makes an invoice over the amount that a payer chose; a publishable key may.',
    args: { input: t.arg({ type: PaymentLinkPayInput, required: true, description: 'The choice.' }) },
    errors: { types: [NotFoundError, ProjectNotActiveError, WrongStateError, IdempotencyKeyReusedError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const made = await usecases.paymentLinkPay(actor, { ...input, paymentLinkId: input.paymentLinkId.id });
      const { invoiceId, created } = unwrap(made);
      const invoice = created ?? (await reads.invoices.byId(invoiceId, false));
      if (!invoice) throw new Error('an invoice that was made before is not there');
      const { id, amount, currency, expiresAt } = invoice;
      return { id, amount: { minorUnits: amount, currency }, expiresAt };
    },
  }),
}));
