import type { Payout, Prisma } from '../../generated/prisma/client.ts';
import { encodeGlobalID } from '../../graphql/core/relay-options.ts';
import { money } from '../../graphql/money/money.types.ts';
import { PayoutFilter, payoutPage, payoutsOf } from '../../graphql/payout/payout-filter.ts';
import { amount, moment, number, text } from './columns.ts';
import { exportList } from './export-list.ts';

const ofCurrency = (read: (row: Payout) => Prisma.Decimal) =>
  amount((row: Payout) => money(read(row), row.currency));
/** The refund or rebound that a payout carries out. */
const source = (origin: 'REFUND' | 'REBOUND', type: 'Refund' | 'Rebound') =>
  text((row: Payout) =>
    row.origin === origin && row.sourceId !== null ? encodeGlobalID(type, row.sourceId) : null,
  );

export const payoutList = exportList<
  'PAYOUTS',
  Payout,
  typeof PayoutFilter.$inferInput,
  Awaited<ReturnType<typeof payoutsOf>>
>({
  name: 'PAYOUTS',
  named: ['merchantId', 'mode'],
  filter: PayoutFilter,
  columns: {
    id: text((row) => encodeGlobalID('Payout', row.id)),
    status: text((row) => row.status),
    origin: text((row) => row.origin),
    currency: text((row) => row.currency),
    debited: ofCurrency((row) => row.debited),
    fee: ofCurrency((row) => row.fee),
    networkFee: ofCurrency((row) => row.networkFee),
    arrives: ofCurrency((row) => row.arrives),
    network: text((row) => row.network),
    address: text((row) => row.address),
    bankAccountId: text(({ bankAccountId }) => bankAccountId && encodeGlobalID('BankAccount', bankAccountId)),
    reference: text((row) => row.reference),
    bankReference: text((row) => row.bankReference),
    txId: text((row) => row.txId),
    waitsFor: text((row) => row.waitsFor),
    failure: text((row) => row.failure),
    approvalsRequired: number((row) => row.approvalsRequired),
    projectId: text(({ projectId }) => projectId && encodeGlobalID('Project', projectId)),
    batchId: text(({ batchId }) => batchId && encodeGlobalID('PayoutBatch', batchId)),
    batchRow: number((row) => row.batchRow),
    refundId: source('REFUND', 'Refund'),
    reboundId: source('REBOUND', 'Rebound'),
    createdAt: moment((row) => row.createdAt),
    queuedAt: moment((row) => row.queuedAt),
    broadcastAt: moment((row) => row.broadcastAt),
    endedAt: moment((row) => row.endedAt),
  },
  query: payoutsOf,
  page: ({ prisma }, query, after, limit) =>
    payoutPage(prisma, query, { after, before: null, limit, fromEnd: false }),
});
