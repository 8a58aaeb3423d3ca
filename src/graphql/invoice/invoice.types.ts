import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../../domain/access/actor.ts';
import { feesOf } from '../../domain/fee/fee-schedule.ts';
import { formatRate, scaleRate } from '../../domain/money/rate.ts';
import { mayAt } from '../../domain/access/rights.ts';
import type { InvoiceView, QuoteView } from '../../usecases/ports/invoice-reads.ts';
import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import {
  AssetCodeEnum,
  CurrencyCodeEnum,
  ModeEnum,
  MoneyType,
  NetworkCodeEnum,
} from '../money/money.types.ts';
import { asksForChildren } from './invoice-selection.ts';
import { Project } from '../project/project.types.ts';
import { Payment } from '../payment/payment.types.ts';
import { InvoiceExceptionEnum, InvoiceStatusEnum } from './invoice.enums.ts';

/** Its holder is anybody who opens the shop's page: the merchant's terms are not the payer's business. */
const isPayers = (actor: Actor): boolean => actor.type === 'API_KEY' && actor.kind === 'PUBLISHABLE';

/** A quote is seen through its invoice, or as the answer to the one who asked for it. */
export const Quote = builder.objectRef<QuoteView>('Quote').implement({
  description: 'A way to pay an invoice: one asset on one network, the rate locked until it expires.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the quote, for testPaymentSimulate.' }),
    asset: t.field({
      type: AssetCodeEnum,
      description: 'What to send.',
      resolve: ({ asset }) => asset as typeof AssetCodeEnum.$inferType,
    }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'Over which network.',
      resolve: ({ network }) => network as typeof NetworkCodeEnum.$inferType,
    }),
    amount: t.field({
      type: MoneyType,
      description: 'How much to send; with the network fee if the payer bears it.',
      resolve: ({ amount, asset }) => ({ minorUnits: amount, currency: asset }),
    }),
    fee: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What the gateway takes of a payment of that amount; not told to publishable keys.',
      resolve: ({ amount, asset, ...terms }, _args, { actor }) =>
        isPayers(actor)
          ? null
          : { minorUnits: feesOf(amount, { ...terms, settlement: null }, true).fee, currency: asset },
    }),
    networkFee: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What sending the money on costs; taken of the payment; not told to publishable keys.',
      resolve: ({ amount, asset, ...terms }, _args, { actor }) =>
        isPayers(actor)
          ? null
          : { minorUnits: feesOf(amount, { ...terms, settlement: null }, true).networkFee, currency: asset },
    }),
    settlementRate: t.field({
      type: 'Decimal',
      nullable: true,
      description: "Price of one whole unit in the project's settlement currency, locked as well.",
      resolve: ({ settlementRate }, _args, { actor }) =>
        settlementRate && !isPayers(actor) ? formatRate(scaleRate(settlementRate)) : null,
    }),
    settlementCurrency: t.field({
      type: CurrencyCodeEnum,
      nullable: true,
      description: 'What a payment is converted to; null when the asset itself is credited.',
      resolve: ({ settlementCurrency }, _args, { actor }) =>
        isPayers(actor) ? null : (settlementCurrency as typeof CurrencyCodeEnum.$inferType | null),
    }),
    address: t.exposeString('address', { description: 'Where to send it; belongs to this invoice alone.' }),
    rate: t.field({
      type: 'Decimal',
      description: 'Price of one whole unit of the asset in the currency of the invoice.',
      resolve: ({ rate }) => formatRate(scaleRate(rate)),
    }),
    rateSource: t.exposeString('rateSource', { description: 'Where the rate is from.' }),
    rateAt: t.expose('rateAt', { type: 'DateTime', description: 'When it was taken.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when the rate is locked.' }),
  }),
});

/**
 * Read by a statement of its own instead of through Prisma, because nothing is asked more often (docs/decisions).
 * What is not the caller's to see is not loaded; the scope of the type is the fence behind it.
 */
export const Invoice = builder.node(builder.objectRef<InvoiceView>('Invoice'), {
  description: 'A request for one amount.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: async (ids, { reads, actor }) => {
    const invoices = await reads.invoices.byIds(ids, true);
    return ids.map((id) => invoices.find((i) => i.id === id && mayAt(actor, 'invoice:read', i)) ?? null);
  },
  authScopes: ({ merchantId, projectId, mode }) => ({
    right: { right: 'invoice:read', place: { merchantId, projectId, mode } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
    status: t.expose('status', { type: InvoiceStatusEnum, description: 'Where it stands.' }),
    exception: t.expose('exception', {
      type: InvoiceExceptionEnum,
      description: 'What was special about it.',
    }),
    amount: t.field({
      type: MoneyType,
      description: 'The price.',
      resolve: ({ amount, currency }) => ({ minorUnits: amount, currency: currency }),
    }),
    amountSeen: t.field({
      type: MoneyType,
      description: 'Value of all counted payments seen on the chain, in the currency of the price.',
      resolve: ({ amountSeen, currency }) => ({ minorUnits: amountSeen, currency: currency }),
    }),
    amountPaid: t.field({
      type: MoneyType,
      description: 'Value of the confirmed ones among them.',
      resolve: ({ amountPaid, currency }) => ({ minorUnits: amountPaid, currency: currency }),
    }),
    accepted: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The value that was taken for the whole, by the merchant or within the threshold.',
      resolve: ({ accepted, currency }) => (accepted === null ? null : { minorUnits: accepted, currency }),
    }),
    orderId: t.exposeString('orderId', { nullable: true, description: "The shop's own order id." }),
    description: t.exposeString('description', { nullable: true, description: 'What is sold.' }),
    customerEmail: t.exposeString('customerEmail', {
      nullable: true,
      description: "The payer's e-mail address.",
    }),
    customerRef: t.exposeString('customerRef', {
      nullable: true,
      description: "The shop's own reference of its customer.",
    }),
    subMerchantId: t.exposeString('subMerchantId', {
      nullable: true,
      description: 'External id of the sub-merchant for whom an acquirer asks.',
    }),
    metadata: t.expose('metadata', { type: 'JSON', description: "The shop's own keys and texts." }),
    returnUrl: t.expose('returnUrl', {
      type: 'URL',
      nullable: true,
      description: 'Where the payer goes when paid.',
    }),
    cancelUrl: t.expose('cancelUrl', {
      type: 'URL',
      nullable: true,
      description: 'Where the payer goes otherwise.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be paid.' }),
    paidAt: t.expose('paidAt', { type: 'DateTime', nullable: true, description: 'When it was paid.' }),
    project: t.prismaField({
      type: Project,
      description: 'The project that asks.',
      resolve: (query, { projectId }, _args, { prisma }) =>
        prisma.project.findUniqueOrThrow({ ...query, where: { id: projectId } }),
    }),
  }),
});

builder.objectFields(Invoice, (t) => ({
  quotes: t.field({
    type: [Quote],
    description:
      'The ways to pay that the payer chose, oldest first: the last of each, and the newest others up to 50.',
    resolve: ({ quotes }) => quotes,
  }),
  payments: t.field({
    type: [Payment],
    description: 'What was paid, oldest first; at most 100.',
    resolve: ({ payments }) => payments,
  }),
}));

const invoicesOf = (children: boolean) =>
  batched(
    ({ reads }: GraphQLContext, ids) => reads.invoices.byIds(ids, children),
    ({ id }) => id,
  );
const inFull = invoicesOf(true);
const alone = invoicesOf(false);

/** An invoice that a row points to, read with all others that are pointed to at the same time; no rights are checked. */
export const invoiceOf = (context: GraphQLContext, id: string, info: GraphQLResolveInfo) =>
  (asksForChildren(info) ? inFull : alone)(context, id);

builder.objectField(Payment, 'invoice', (t) =>
  t.field({
    type: Invoice,
    nullable: true,
    description: 'The invoice that it pays; null for a deposit to a static wallet.',
    resolve: ({ invoiceId }, _args, context, info) =>
      invoiceId === null ? null : invoiceOf(context, invoiceId, info),
  }),
);
