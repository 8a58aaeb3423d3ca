import type { StatementAccount, StatementRow } from '../../usecases/ports/statement-reads.ts';
import type { PaymentView } from '../../usecases/ports/payment-reads.ts';
import { builder } from '../core/builder.ts';
import { MoneyType } from '../money/money.types.ts';
import { Payment } from '../payment/payment.types.ts';
import { Project } from '../project/project.types.ts';

/** A line with the payments of its whole page, which are read once and only if they are asked for. */
export interface StatementLineView extends StatementRow {
  readonly payments: () => Promise<ReadonlyMap<string, PaymentView>>;
}

export const BalanceKindEnum = builder.enumType('BalanceKind', {
  description: 'The parts of a balance.',
  values: {
    PENDING: { description: 'Seen, not confirmed.' },
    AVAILABLE: { description: 'Free to pay out.' },
    HELD: { description: 'Waits for a decision.' },
    OWED: { description: 'What the merchant owes, below zero: credited money that the chain took back.' },
  } as const satisfies Record<StatementAccount, { description: string }>,
});

export const StatementDirectionEnum = builder.enumType('StatementDirection', {
  description: 'Which way money moves.',
  values: { IN: { description: 'Receipts.' }, OUT: { description: 'Withdrawals.' } } as const,
});

const KINDS = {
  DETECTED: { description: 'A payment was seen.' },
  CREDITED: { description: 'A payment was credited, fees taken off and converted if the project says so.' },
  HELD: { description: 'A payment, or a part of it, was held.' },
  RELEASED: { description: 'Held money was credited.' },
  ORPHANED: { description: 'The chain took an unconfirmed payment away.' },
  REVERSED: { description: 'The chain took a confirmed payment away.' },
  OTHER: { description: 'Something else.' },
} as const;

const StatementLineKindEnum = builder.enumType('StatementLineKind', {
  description: 'What moved money.',
  values: KINDS,
});

const isKind = (kind: string): kind is keyof typeof KINDS => Object.hasOwn(KINDS, kind);

export const StatementLine = builder.objectRef<StatementLineView>('StatementLine').implement({
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
    kind: t.field({
      type: StatementLineKindEnum,
      description: 'What moved it.',
      resolve: ({ kind }) => (isKind(kind) ? kind : 'OTHER'),
    }),
    project: t.prismaField({
      type: Project,
      nullable: true,
      description: 'The project that it belongs to.',
      resolve: (query, { projectId }, _args, { prisma }) =>
        projectId === null ? null : prisma.project.findUnique({ ...query, where: { id: projectId } }),
    }),
    payment: t.field({
      type: Payment,
      nullable: true,
      description: 'The payment that moved it, when it is yours to see.',
      resolve: async ({ paymentId, payments }) =>
        paymentId === null ? null : ((await payments()).get(paymentId) ?? null),
    }),
  }),
});
