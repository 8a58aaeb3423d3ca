import type { Right } from '../../domain/access/rights.ts';
import { mayAt } from '../../domain/access/rights.ts';
import { formatRate, scaleRate } from '../../domain/money/rate.ts';
import type { PaymentView } from '../../usecases/ports/payment-reads.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, ModeEnum, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import {
  HeldDecisionEnum,
  HeldReasonEnum,
  PaymentExceptionEnum,
  PaymentStatusEnum,
} from './payment.enums.ts';

/** What is needed to see a payment: it belongs to an invoice or to a static wallet. */
export const rightToSee = ({ staticWalletId }: Pick<PaymentView, 'staticWalletId'>): Right =>
  staticWalletId === null ? 'invoice:read' : 'static_wallet:read';

const money = (minorUnits: bigint, currency: string) => ({ minorUnits, currency });

/** Read by statements of its own, like invoices. */
export const Payment = builder.node(builder.objectRef<PaymentView>('Payment'), {
  description:
    'One transfer seen on a chain, or simulated in TEST mode: of an invoice or to a static wallet.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: async (ids, { reads, actor }) => {
    const payments = await reads.payments.byIds(ids);
    return ids.map((id) => payments.find((p) => p.id === id && mayAt(actor, rightToSee(p), p)) ?? null);
  },
  authScopes: (payment) => ({
    right: {
      right: rightToSee(payment),
      place: { merchantId: payment.merchantId, projectId: payment.projectId, mode: payment.mode },
    },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
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
    asset: t.field({
      type: AssetCodeEnum,
      description: 'What arrived, without how much.',
      resolve: ({ asset }) => asset as typeof AssetCodeEnum.$inferType,
    }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'Over which network.',
      resolve: ({ network }) => network as typeof NetworkCodeEnum.$inferType,
    }),
    txId: t.exposeString('txId', { description: 'Transaction id.' }),
    outputIndex: t.exposeInt('outputIndex', {
      description: "Place in its transaction; -1 for a transfer of an EVM network's own coin.",
    }),
    blockHeight: t.expose('blockHeight', {
      type: 'BigInt',
      nullable: true,
      description: 'Height of the block that holds it; null in the memory pool.',
    }),
    confirmations: t.exposeInt('confirmations', {
      description: 'Blocks since it was mined, its own included; at most those required.',
    }),
    confirmationsRequired: t.exposeInt('confirmationsRequired', {
      description: 'Blocks until it is confirmed.',
    }),
    rate: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'A price of its own, of the moment it was seen, where no quote prices it.',
      resolve: ({ rate }) => rate && formatRate(scaleRate(rate)),
    }),
    rateSource: t.exposeString('rateSource', { nullable: true, description: 'Where that rate is from.' }),
    rateAt: t.expose('rateAt', { type: 'DateTime', nullable: true, description: 'When it was taken.' }),
    detectedAt: t.expose('detectedAt', { type: 'DateTime', description: 'When it was first seen.' }),
    creditedAt: t.expose('creditedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was credited.',
    }),
    orphanedAt: t.expose('orphanedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the chain took it back; null while it stands.',
    }),
  }),
});

builder.objectFields(Payment, (t) => ({
  credited: t.field({
    type: MoneyType,
    description: 'The part of it that was released to the balance, fees included.',
    resolve: ({ credited, asset }) => money(credited, asset),
  }),
  fee: t.field({
    type: MoneyType,
    description: 'What the gateway took of that.',
    resolve: ({ fee, asset }) => money(fee, asset),
  }),
  networkFee: t.field({
    type: MoneyType,
    description: 'What was taken of that for sending the money on.',
    resolve: ({ networkFee, asset }) => money(networkFee, asset),
  }),
  settled: t.field({
    type: MoneyType,
    nullable: true,
    description: 'What the balance received for it, in the asset itself or the settlement currency.',
    resolve: ({ settled, settledCurrency }) =>
      settledCurrency === null ? null : money(settled, settledCurrency),
  }),
  held: t.field({
    type: MoneyType,
    description: 'The part of it that waits for a decision, or for going back.',
    resolve: ({ held, asset }) => money(held, asset),
  }),
  heldReason: t.expose('heldReason', {
    type: HeldReasonEnum,
    nullable: true,
    description: 'Why it waits.',
  }),
  decision: t.expose('decision', { type: HeldDecisionEnum, description: 'What was decided on that part.' }),
}));
