import { formatRate, scaleRate } from '../../domain/money/rate.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, ModeEnum, money, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { visibleRows } from '../project/visible-rows.ts';
import {
  InvoiceExceptionEnum,
  InvoiceStatusEnum,
  PaymentExceptionEnum,
  PaymentStatusEnum,
} from './invoice.enums.ts';

export const Invoice = builder.prismaNode('Invoice', {
  description: 'A request for one amount.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleRows(actor, 'invoice:read') }),
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
      resolve: ({ amount, currency }) => money(amount, currency),
    }),
    amountSeen: t.field({
      type: MoneyType,
      description: 'Value of all counted payments seen on the chain, in the currency of the price.',
      resolve: ({ amountSeen, currency }) => money(amountSeen, currency),
    }),
    amountPaid: t.field({
      type: MoneyType,
      description: 'Value of the confirmed ones among them.',
      resolve: ({ amountPaid, currency }) => money(amountPaid, currency),
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
    project: t.relation('project', { description: 'The project that asks.' }),
    quotes: t.relation('quotes', {
      description: 'The ways to pay that the payer chose, oldest first; at most 50.',
      query: { orderBy: { id: 'asc' }, take: 50 },
    }),
    payments: t.relation('payments', {
      description: 'What was paid, oldest first; at most 100.',
      query: { orderBy: { id: 'asc' }, take: 100 },
    }),
  }),
});

/** A quote is seen through its invoice, or as the answer to the one who asked for it. */
export const Quote = builder.prismaObject('Quote', {
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
      resolve: ({ amount, asset }) => money(amount, asset),
    }),
    address: t.exposeString('address', { description: 'Where to send it; belongs to this invoice alone.' }),
    rate: t.field({
      type: 'Decimal',
      description: 'Price of one whole unit of the asset in the currency of the invoice.',
      resolve: ({ rate }) => formatRate(scaleRate(rate.toFixed())),
    }),
    rateSource: t.exposeString('rateSource', { description: 'Where the rate is from.' }),
    rateAt: t.expose('rateAt', { type: 'DateTime', description: 'When it was taken.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when the rate is locked.' }),
  }),
});

/** A payment is seen through its invoice only. */
builder.prismaObject('Payment', {
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
      resolve: ({ amount, asset }) => money(amount, asset),
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
