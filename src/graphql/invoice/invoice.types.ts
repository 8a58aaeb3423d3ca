import { formatRate, scaleRate } from '../../domain/money/rate.ts';
import { mayAt } from '../../domain/access/rights.ts';
import type { InvoiceView, PaymentView, QuoteView } from '../../usecases/ports/invoice-reads.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, ModeEnum, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import {
  InvoiceExceptionEnum,
  InvoiceStatusEnum,
  PaymentExceptionEnum,
  PaymentStatusEnum,
} from './invoice.enums.ts';

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
      description: 'How much to send.',
      resolve: ({ amount, asset }) => ({ minorUnits: amount, currency: asset }),
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

/** A payment is seen through its invoice only. */
const Payment = builder.objectRef<PaymentView>('Payment').implement({
  description: 'One transfer seen on a chain, or simulated in TEST mode.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the payment.' }),
    status: t.expose('status', { type: PaymentStatusEnum, description: 'Where it stands.' }),
    exception: t.expose('exception', {
      type: PaymentExceptionEnum,
      description: 'Why it is not counted, if so.',
    }),
    amount: t.field({
      type: MoneyType,
      description: 'What arrived.',
      resolve: ({ amount, asset }) => ({ minorUnits: amount, currency: asset }),
    }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'Over which network.',
      resolve: ({ network }) => network as typeof NetworkCodeEnum.$inferType,
    }),
    txId: t.exposeString('txId', { description: 'Transaction id.' }),
    blockHeight: t.expose('blockHeight', {
      type: 'BigInt',
      description: 'Height of the block that holds it.',
    }),
    detectedAt: t.expose('detectedAt', { type: 'DateTime', description: 'When it was first seen.' }),
    creditedAt: t.expose('creditedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was credited.',
    }),
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
    orderId: t.exposeString('orderId', { nullable: true, description: "The shop's own order id." }),
    description: t.exposeString('description', { nullable: true, description: 'What is sold.' }),
    customerEmail: t.exposeString('customerEmail', {
      nullable: true,
      description: "The payer's e-mail address.",
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
    quotes: t.field({
      type: [Quote],
      description: 'The ways to pay that the payer chose, oldest first; at most 50.',
      resolve: ({ quotes }) => quotes,
    }),
    payments: t.field({
      type: [Payment],
      description: 'What was paid, oldest first; at most 100.',
      resolve: ({ payments }) => payments,
    }),
  }),
});
