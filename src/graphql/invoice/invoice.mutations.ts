import { z } from 'zod';
import { UNPAID } from '../../domain/invoice/invoice.ts';
import type { InvoiceView } from '../../usecases/ports/invoice-reads.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import {
  AssetNotAvailableError,
  IdempotencyKeyReusedError,
  InvoiceNotOpenError,
  NotFoundError,
  ProjectNotActiveError,
  RateUnavailableError,
  TestModeOnlyError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { AssetCodeEnum, CurrencyCodeEnum, ModeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { Invoice, Quote } from './invoice.types.ts';

/** Handed on as it came: z.record would drop a key named `__proto__` without a word. */
const Metadata = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string'),
  'Metadata is an object with texts.',
);

const InvoiceCreateInput = builder.inputType('InvoiceCreateInput', {
  description: 'A new invoice.',
  fields: (t) => ({
    projectId: t.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
    mode: t.field({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'The price in whole units, such as "12.50".',
    }),
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'The currency of the price.' }),
    orderId: t.string({ description: "The shop's own order id, at most 128 characters." }),
    description: t.string({ description: 'What is sold, at most 1,000 characters.' }),
    customerEmail: t.string({ description: "The payer's e-mail address." }),
    customerRef: t.string({
      description: "The shop's own reference of its customer, at most 128 characters.",
    }),
    subMerchantId: t.string({
      description: 'External id of the sub-merchant for whom an acquirer asks: letters, digits, underscores.',
    }),
    metadata: t.field({
      type: 'JSON',
      description: 'At most 50 keys of 64 characters with texts of at most 500.',
      validate: Metadata,
    }),
    returnUrl: t.field({ type: 'URL', description: 'Where the payer goes when paid.' }),
    cancelUrl: t.field({ type: 'URL', description: 'Where the payer goes otherwise.' }),
    lifetimeSeconds: t.int({ description: "60 seconds to 7 days; the project's default when left out." }),
    idempotencyKey: t.string({
      description:
        'Repeat the request with the same key and get the same invoice; kept for 24 hours or longer.',
    }),
  }),
});

const QuoteCreateInput = builder.inputType('QuoteCreateInput', {
  description: "The payer's choice.",
  fields: (t) => ({
    invoiceId: t.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
    asset: t.field({ type: AssetCodeEnum, required: true, description: 'What the payer sends.' }),
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'Over which network.' }),
  }),
});

const InvoiceCancelInput = builder.inputType('InvoiceCancelInput', {
  description: 'Which invoice to cancel.',
  fields: (t) => ({
    invoiceId: t.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
  }),
});

const InvoiceAcceptInput = builder.inputType('InvoiceAcceptInput', {
  description: 'Which part payment to accept.',
  fields: (t) => ({
    invoiceId: t.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
  }),
});

const TestPaymentSimulateInput = builder.inputType('TestPaymentSimulateInput', {
  description: 'A payment that no chain ever sees.',
  fields: (t) => ({
    invoiceId: t.globalID({ required: true, for: [Invoice], description: 'Global id of a TEST invoice.' }),
    quoteId: t.id({ required: true, description: 'Id of the quote that is paid.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'In whole units of the asset; the quoted amount when left out.',
    }),
  }),
});

/** The invoice as the use case left it, for the selection of the answer. */
async function written({ invoices }: GraphQLContext['reads'], id: string): Promise<InvoiceView> {
  const invoice = await invoices.byId(id, true);
  if (!invoice) throw new Error('an invoice that was just written is not there');
  return invoice;
}

builder.mutationFields((t) => ({
  invoiceCreate: t.withAuth({ authenticated: true }).field({
    type: Invoice,
    description: 'Creates an invoice.',
    args: { input: t.arg({ type: InvoiceCreateInput, required: true, description: 'The invoice.' }) },
    errors: { types: [NotFoundError, ProjectNotActiveError, IdempotencyKeyReusedError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const metadata = Metadata.nullish().parse(input.metadata);
      const made = await usecases.invoiceCreate(actor, {
        ...input,
        projectId: input.projectId?.id ?? null,
        metadata: metadata ?? null,
      });
      const { invoiceId, created } = unwrap(made);
      // A new invoice needs no reading: nothing but this has happened to it.
      return created ? { ...created, ...UNPAID } : written(reads, invoiceId);
    },
  }),
  quoteCreate: t.withAuth({ authenticated: true }).field({
    type: Quote,
    description: 'Locks amount and rate for an asset on a network, and gives the address to pay to.',
    args: { input: t.arg({ type: QuoteCreateInput, required: true, description: 'The choice.' }) },
    errors: {
      types: [
        NotFoundError,
        ProjectNotActiveError,
        InvoiceNotOpenError,
        AssetNotAvailableError,
        RateUnavailableError,
      ],
    },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const quoted = await usecases.quoteCreate(actor, { ...input, invoiceId: input.invoiceId.id });
      const { quoteId } = unwrap(quoted);
      const { quotes } = await written(reads, input.invoiceId.id);
      const quote = quotes.find(({ id }) => id === quoteId);
      if (!quote) throw new Error('a quote that was just made is not there');
      return quote;
    },
  }),
  invoiceCancel: t.withAuth({ authenticated: true }).field({
    type: Invoice,
    description: 'Cancels an invoice that is not paid. It cannot be undone.',
    args: { input: t.arg({ type: InvoiceCancelInput, required: true, description: 'The invoice.' }) },
    errors: { types: [NotFoundError, InvoiceNotOpenError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const cancelled = await usecases.invoiceCancel(actor, { invoiceId: input.invoiceId.id });
      return written(reads, unwrap(cancelled).invoiceId);
    },
  }),
  invoiceAccept: t.withAuth({ authenticated: true }).field({
    type: Invoice,
    description: 'Takes what was seen of a partly paid invoice for the whole. It cannot be undone.',
    args: { input: t.arg({ type: InvoiceAcceptInput, required: true, description: 'The invoice.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const accepted = await usecases.invoiceAccept(actor, { invoiceId: input.invoiceId.id });
      return written(reads, unwrap(accepted).invoiceId);
    },
  }),
  testPaymentSimulate: t.withAuth({ authenticated: true }).field({
    type: Invoice,
    description: 'Pays a TEST invoice, seen and confirmed at once.',
    args: { input: t.arg({ type: TestPaymentSimulateInput, required: true, description: 'The payment.' }) },
    errors: { types: [NotFoundError, TestModeOnlyError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const paid = await usecases.testPaymentSimulate(actor, { ...input, invoiceId: input.invoiceId.id });
      return written(reads, unwrap(paid).invoiceId);
    },
  }),
}));
