import { modeFor } from '../../domain/access/actor.ts';
import { encodeGlobalID } from '../../graphql/core/relay-options.ts';
import { StatementFilter, statementOf } from '../../graphql/statement/statement.queries.ts';
import type { Statement, StatementRow } from '../../usecases/ports/statement-reads.ts';
import { amount, moment, text } from './columns.ts';
import { exportList } from './export-list.ts';

export const statementList = exportList<
  'STATEMENT',
  StatementRow,
  typeof StatementFilter.$inferInput,
  Statement
>({
  name: 'STATEMENT',
  named: ['merchantId', 'mode'],
  filter: StatementFilter,
  columns: {
    id: text((row) => row.id),
    createdAt: moment((row) => row.createdAt),
    account: text((row) => row.account),
    amount: amount(({ amount: minorUnits, asset: currency }) => ({ minorUnits, currency })),
    currency: text((row) => row.asset),
    kind: text((row) => row.kind),
    projectId: text(({ projectId }) => projectId && encodeGlobalID('Project', projectId)),
    paymentId: text(({ paymentId }) => paymentId && encodeGlobalID('Payment', paymentId)),
    payoutId: text(({ payoutId }) => payoutId && encodeGlobalID('Payout', payoutId)),
    refundId: text(({ refundId }) => refundId && encodeGlobalID('Refund', refundId)),
    reboundId: text(({ reboundId }) => reboundId && encodeGlobalID('Rebound', reboundId)),
  },
  query: ({ actor }, { merchantId, mode }, filter) =>
    statementOf({ actor }, merchantId, modeFor(actor, mode), filter),
  page: ({ reads }, query, after, limit) =>
    reads.statement.page({ ...query, ...(after ? { after } : {}), limit, fromEnd: false }),
});
