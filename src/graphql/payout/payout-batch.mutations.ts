import type { Payout as PayoutRow } from '../../generated/prisma/client.ts';
import type { Refusal } from '../../usecases/result.ts';
import { builder } from '../core/builder.ts';
import {
  IdempotencyKeyReusedError,
  NotFoundError,
  SecondFactorRequiredError,
  StepUpRequiredError,
  unwrap,
} from '../core/errors.ts';
import { ErrorCodeEnum, userCode } from '../core/user-error.types.ts';
import { PayoutBatchCreateInput } from './payout.inputs.ts';
import { Payout } from './payout.types.ts';

interface RowResult {
  readonly payout: PayoutRow | null;
  readonly error: Refusal | null;
}

const PayoutBatchRowError = builder.objectRef<Refusal>('PayoutBatchRowError').implement({
  description: 'Why a row of a batch was refused.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeEnum,
      description: 'For programs.',
      resolve: ({ code }) => userCode(code),
    }),
    message: t.exposeString('message', { description: 'For people, in English.' }),
    path: t.stringList({
      description: 'Where in the input, such as ["input", "rows", "3", "address"].',
      resolve: ({ path }) => [...(path ?? [])],
    }),
  }),
});

const PayoutBatchRowResult = builder.objectRef<RowResult>('PayoutBatchRowResult').implement({
  description: 'What became of a row of a batch: a payout or an error.',
  fields: (t) => ({
    payout: t.field({
      type: Payout,
      nullable: true,
      description: 'The payout; null for a row that was refused.',
      resolve: ({ payout }) => payout,
    }),
    error: t.field({
      type: PayoutBatchRowError,
      nullable: true,
      description: 'Why it was refused; null for a row that was made.',
      resolve: ({ error }) => error,
    }),
  }),
});

const PayoutBatchCreatePayload = builder
  .objectRef<{ readonly rows: readonly RowResult[] }>('PayoutBatchCreatePayload')
  .implement({
    description: 'What became of a batch.',
    fields: (t) => ({
      rows: t.field({
        type: [PayoutBatchRowResult],
        description: 'One result for each row, in their order.',
        resolve: ({ rows }) => [...rows],
      }),
    }),
  });

builder.mutationFields((t) => ({
  payoutBatchCreate: t.withAuth({ authenticated: true }).field({
    type: PayoutBatchCreatePayload,
    description: 'Asks for many payouts at once. Each row is made or refused by itself, in their order.',
    args: { input: t.arg({ type: PayoutBatchCreateInput, required: true, description: 'The batch.' }) },
    errors: {
      types: [NotFoundError, SecondFactorRequiredError, StepUpRequiredError, IdempotencyKeyReusedError],
    },
    resolve: async (_root, { input }, { usecases, actor, prisma }) => {
      const { rows } = unwrap(
        await usecases.payoutBatchCreate(actor, {
          ...input,
          merchantId: input.merchantId?.id,
          rows: input.rows.map((row) => ({ ...row, bankAccountId: row.bankAccountId?.id })),
        }),
      );
      const ids = rows.flatMap((row) => (row.kind === 'MADE' ? [row.payoutId] : []));
      const found = new Map(
        (await prisma.payout.findMany({ where: { id: { in: ids } } })).map((payout) => [payout.id, payout]),
      );
      return {
        rows: rows.map((row) =>
          row.kind === 'MADE'
            ? { payout: found.get(row.payoutId) ?? null, error: null }
            : { payout: null, error: row.refusal },
        ),
      };
    },
  }),
}));
