import type { StatementKind } from '../../domain/ledger/statement-kind.ts';
import type { StatementAccount, StatementRow } from '../../usecases/ports/statement-reads.ts';
import { builder } from '../core/builder.ts';
import { MoneyType } from '../money/money.types.ts';
import { Payment } from '../payment/payment.types.ts';
import { Payout } from '../payout/payout.types.ts';
import { Project } from '../project/project.types.ts';
import { Rebound } from '../rebound/rebound.types.ts';
import { Refund } from '../refund/refund.types.ts';
import { sources } from './statement-sources.ts';

export const BalanceKindEnum = builder.enumType('BalanceKind', {
  description: 'The parts of a balance.',
  values: {
    PENDING: { description: 'Seen, not confirmed.' },
    AVAILABLE: { description: 'Free to pay out.' },
    HELD: { description: 'Waits for a decision, or is set aside for what is on its way out.' },
    OWED: { description: 'What the merchant owes, below zero: credited money that the chain took back.' },
  } as const satisfies Record<StatementAccount, { description: string }>,
});

export const StatementDirectionEnum = builder.enumType('StatementDirection', {
  description: 'Which way money moves.',
  values: { IN: { description: 'Receipts.' }, OUT: { description: 'Withdrawals.' } } as const,
});

const StatementLineKindEnum = builder.enumType('StatementLineKind', {
  description: 'What moved money.',
  values: {
    DETECTED: { description: 'A payment was seen.' },
    CREDITED: { description: 'A payment was credited, fees taken off and converted if the project says so.' },
    HELD: { description: 'A payment, or a part of it, was held.' },
    RELEASED: { description: 'Held money was credited.' },
    ORPHANED: { description: 'The chain took an unconfirmed payment away.' },
    REVERSED: { description: 'The chain took a confirmed payment away.' },
    PAYOUT_REQUESTED: { description: 'A payout was asked for: its amount, fees included, was set aside.' },
    PAYOUT_SENT: { description: 'A payout has left, fees included: for itself, a refund or a rebound.' },
    PAYOUT_RETURNED: { description: 'A payout was not sent: its amount is available again.' },
    REFUND_DEBITED: {
      description:
        'A refund was asked for: its amount was set aside, converted if the balance is another one.',
    },
    REFUND_RETURNED: { description: 'A refund was not sent: what was debited is available again.' },
    REBOUND_RETURNED: {
      description:
        'A rebound was not sent after the chain had taken its payment away: its money is given back.',
    },
    REBOUND_SETTLED: {
      description:
        'A payment came again after its money had gone back to the payer: it pays what was owed for that.',
    },
    OTHER: { description: 'Something else.' },
  } as const satisfies Record<StatementKind, { description: string }>,
});

export const StatementLine = builder.objectRef<StatementRow>('StatementLine').implement({
  description: 'One movement of one part of a balance. The lines of a part sum up to it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the line; stays the same.' }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it was booked.' }),
    account: t.expose('account', { type: BalanceKindEnum, description: 'The part of the balance.' }),
    amount: t.field({
      type: MoneyType,
      description: 'By how much that part grew; negative when it shrank.',
      resolve: ({ amount, asset }) => ({ minorUnits: amount, currency: asset }),
    }),
    kind: t.expose('kind', { type: StatementLineKindEnum, description: 'What moved it.' }),
    project: t.field({
      type: Project,
      nullable: true,
      description: 'The project that it belongs to, when it is yours to see.',
      resolve: ({ projectId }, _args, context) =>
        projectId === null ? null : sources.project(context, projectId),
    }),
    payment: t.field({
      type: Payment,
      nullable: true,
      description: 'The payment that moved it, when it is yours to see.',
      resolve: ({ paymentId }, _args, context) =>
        paymentId === null ? null : sources.payment(context, paymentId),
    }),
    payout: t.field({
      type: Payout,
      nullable: true,
      description: 'The payout that moved it, when it is yours to see.',
      resolve: ({ payoutId }, _args, context) =>
        payoutId === null ? null : sources.payout(context, payoutId),
    }),
    refund: t.field({
      type: Refund,
      nullable: true,
      description: 'The refund that moved it, when it is yours to see; its payout leads to it too.',
      resolve: ({ refundId }, _args, context) =>
        refundId === null ? null : sources.refund(context, refundId),
    }),
    rebound: t.field({
      type: Rebound,
      nullable: true,
      description: 'The rebound that moved it, when it is yours to see; its payout leads to it too.',
      resolve: ({ reboundId }, _args, context) =>
        reboundId === null ? null : sources.rebound(context, reboundId),
    }),
  }),
});
