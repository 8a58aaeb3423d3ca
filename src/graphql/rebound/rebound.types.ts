import { mayAt } from '../../domain/access/rights.ts';
import { networkOf, type NetworkCode } from '../../domain/chain/networks.ts';
import type { ReboundStatus } from '../../domain/rebound/rebound.ts';
import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { ModeEnum, money, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { HeldReasonEnum } from '../payment/payment.enums.ts';
import { Payment, rightToSee } from '../payment/payment.types.ts';
import { payoutsOfSources } from '../payout/payout-of-source.ts';
import { Payout } from '../payout/payout.types.ts';
import { visibleRows } from '../project/visible-rows.ts';

export const ReboundStatusEnum = builder.enumType('ReboundStatus', {
  description: 'How a rebound stands.',
  values: {
    PENDING: { description: 'The payer has not said yet where it is to go.' },
    WITHDRAW_REQUESTED: { description: 'The payer said where it is to go: it is on its way.' },
    COMPLETED: { description: 'It has reached the payer.' },
    REJECTED: {
      description:
        'It was not sent: its money waits for a decision again, or was decided on otherwise. With the failure SENT_BACK_BEFORE money of this payment had gone back to the payer, and the chain had taken the payment back since.',
    },
  } as const satisfies Record<ReboundStatus, { description: string }>,
});

export const Rebound = builder.prismaNode('Rebound', {
  description: 'Held money of a payment that goes back to its payer.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleRows(actor, 'invoice:read') }),
  authScopes: ({ merchantId, projectId, mode }) => ({
    right: { right: 'invoice:read', place: { merchantId, projectId, mode } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
    status: t.expose('status', { type: ReboundStatusEnum, description: 'How it stands.' }),
    reason: t.field({
      type: HeldReasonEnum,
      description: 'Why the money was held.',
      resolve: ({ reason }) => reason as typeof HeldReasonEnum.$inferType,
    }),
    amount: t.field({
      type: MoneyType,
      description: 'All that was held.',
      resolve: ({ amount, asset }) => money(amount, asset),
    }),
    networkFee: t.field({
      type: MoneyType,
      description: 'What sending it costs; taken off what the payer gets.',
      resolve: ({ networkFee, asset }) => money(networkFee, asset),
    }),
    arrives: t.field({
      type: MoneyType,
      description: 'What the payer gets.',
      resolve: ({ amount, networkFee, asset }) => money(amount.minus(networkFee), asset),
    }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'Over which network.',
      resolve: ({ network }) => networkOf(network).code as NetworkCode,
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

const payoutOf = payoutsOfSources('REBOUND');
const paymentOf = batched(
  ({ reads }: Pick<GraphQLContext, 'reads'>, ids) => reads.payments.byIds(ids),
  ({ id }) => id,
);

builder.prismaObjectFields(Rebound, (t) => ({
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
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was decided.' }),
  payment: t.field({
    type: Payment,
    nullable: true,
    description: 'The payment whose money it is, when it is yours to see.',
    resolve: async ({ paymentId }, _args, context) => {
      const payment = await paymentOf(context, paymentId);
      return payment && mayAt(context.actor, rightToSee(payment), payment) ? payment : null;
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
