import { networkOf, type NetworkCode } from '../../domain/chain/networks.ts';
import { formatRate } from '../../domain/money/rate.ts';
import type { RefundReason, RefundStatus } from '../../domain/refund/refund.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import { Invoice, invoiceOf } from '../invoice/invoice.types.ts';
import { AssetCodeEnum, ModeEnum, money, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { payoutsOfSources } from '../payout/payout-of-source.ts';
import { Payout } from '../payout/payout.types.ts';
import { visibleRows } from '../project/visible-rows.ts';

export const RefundStatusEnum = builder.enumType('RefundStatus', {
  description: 'How a refund stands. Its amount is set aside until it ends.',
  values: {
    PENDING: {
      description:
        'The payer was not asked yet where it is to go: no e-mail address is known (`customerEmail` is null), or too many mails went out within the hour; `refundClaimResend` asks later.',
    },
    PREPARED: { description: 'The payer was asked where it is to go, or has answered and it is on its way.' },
    SUCCEEDED: { description: 'It has reached the payer.' },
    CANCELLED: { description: 'It was called off; the amount is available again.' },
    FAILED: { description: 'It could not be sent; the amount is available again.' },
  } as const satisfies Record<RefundStatus, { description: string }>,
});

export const RefundReasonEnum = builder.enumType('RefundReason', {
  description: 'Why money is given back.',
  values: {
    DUPLICATE: { description: 'It was paid twice.' },
    FRAUDULENT: { description: 'The payment was not the payer’s to make.' },
    REQUESTED_BY_CUSTOMER: { description: 'The customer asked for it.' },
  } as const satisfies Record<RefundReason, { description: string }>,
});

const rateOf = (scaled: Prisma.Decimal): string => formatRate(BigInt(scaled.toFixed(0)));

export const Refund = builder.prismaNode('Refund', {
  description: 'Money of an invoice that goes back to its payer.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleRows(actor, 'invoice:read') }),
  authScopes: ({ merchantId, projectId, mode }) => ({
    right: { right: 'invoice:read', place: { merchantId, projectId, mode } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
    status: t.expose('status', { type: RefundStatusEnum, description: 'How it stands.' }),
    reason: t.expose('reason', { type: RefundReasonEnum, nullable: true, description: 'Why.' }),
    description: t.exposeString('description', { nullable: true, description: 'Your own words.' }),
    amount: t.field({
      type: MoneyType,
      description: "What it is, in the invoice's currency.",
      resolve: ({ amount, currency }) => money(amount, currency),
    }),
    debitAmount: t.field({
      type: MoneyType,
      description: 'What the balance is debited.',
      resolve: ({ debitAmount, debitCurrency }) => money(debitAmount, debitCurrency),
    }),
    asset: t.field({
      type: AssetCodeEnum,
      description: 'What is sent.',
      resolve: ({ asset }) => asset as typeof AssetCodeEnum.$inferType,
    }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'Over which network.',
      resolve: ({ network }) => networkOf(network).code as NetworkCode,
    }),
    networkFee: t.field({
      type: MoneyType,
      description: 'What sending it costs; taken off what the payer gets.',
      resolve: ({ networkFee, asset }) => money(networkFee, asset),
    }),
    arrives: t.field({
      type: MoneyType,
      description: 'What the payer gets.',
      resolve: ({ assetAmount, networkFee, asset }) => money(assetAmount.minus(networkFee), asset),
    }),
    rate: t.field({
      type: 'Decimal',
      description:
        "Price of one whole unit of the asset in the invoice's currency, at the moment of the refund.",
      resolve: ({ rate }) => rateOf(rate),
    }),
    debitRate: t.field({
      type: 'Decimal',
      description: 'The same in the currency that the balance is debited in.',
      resolve: ({ debitRate }) => rateOf(debitRate),
    }),
    rateSource: t.exposeString('rateSource', { description: 'Where the rate is from.' }),
    rateAt: t.expose('rateAt', { type: 'DateTime', description: 'When it was taken.' }),
    subMerchantId: t.exposeString('subMerchantId', {
      nullable: true,
      description: 'External id of the sub-merchant for whom an acquirer refunds.',
    }),
    customerEmail: t.exposeString('customerEmail', {
      nullable: true,
      description: 'Who is asked where it is to go.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'Where the payer wants it; null until told.',
    }),
  }),
});

const payoutOf = payoutsOfSources('REFUND');

builder.prismaObjectFields(Refund, (t) => ({
  failure: t.exposeString('failure', { nullable: true, description: 'Why it was not sent.' }),
  claimSentAt: t.expose('claimSentAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When the payer was asked last.',
  }),
  claimExpired: t.exposeBoolean('claimExpired', {
    description: 'Whether the payer let it run out: ask again, or call it off. Found some minutes after.',
  }),
  claimExpiresAt: t.expose('claimExpiresAt', {
    type: 'DateTime',
    nullable: true,
    description: 'Until when that link is good.',
  }),
  addressAt: t.expose('addressAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When the payer said where it is to go.',
  }),
  transferredAt: t.expose('transferredAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it had reached the payer.',
  }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
  invoice: t.field({
    type: Invoice,
    description: 'The invoice that it is of.',
    resolve: async ({ invoiceId }, _args, context, info) => {
      const invoice = await invoiceOf(context, invoiceId, info);
      if (!invoice) throw new Error(`there is no invoice ${invoiceId}`);
      return invoice;
    },
  }),
  payout: t.field({
    type: Payout,
    nullable: true,
    description:
      'What carries it out; null until the payer said where it is to go, or when it is not yours to see.',
    resolve: ({ id }, _args, context) => payoutOf(context, id),
  }),
}));
