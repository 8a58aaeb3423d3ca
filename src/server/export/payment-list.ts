import type { Mode } from '../../domain/access/actor.ts';
import { formatRate, scaleRate } from '../../domain/money/rate.ts';
import { encodeGlobalID } from '../../graphql/core/relay-options.ts';
import { PaymentFilter, paymentConditions } from '../../graphql/payment/payment.queries.ts';
import { listedPlace } from '../../graphql/project/place.ts';
import type { PaymentView } from '../../usecases/ports/payment-reads.ts';
import { amount, decimal, moment, number, text } from './columns.ts';
import { exportList } from './export-list.ts';

type Row = PaymentView;

/** An amount in the asset of the payment. */
const ofAsset = (read: (row: Row) => bigint) =>
  amount((row: Row) => ({ minorUnits: read(row), currency: row.asset }));

export const paymentList = exportList<
  'PAYMENTS',
  Row,
  typeof PaymentFilter.$inferInput,
  { projectId: string; mode: Mode } & ReturnType<typeof paymentConditions>
>({
  name: 'PAYMENTS',
  filter: PaymentFilter,
  columns: {
    id: text((row) => encodeGlobalID('Payment', row.id)),
    invoiceId: text(({ invoiceId }) => invoiceId && encodeGlobalID('Invoice', invoiceId)),
    status: text((row) => row.status),
    exception: text((row) => row.exception),
    amount: ofAsset((row) => row.amount),
    asset: text((row) => row.asset),
    network: text((row) => row.network),
    txId: text((row) => row.txId),
    outputIndex: number((row) => row.outputIndex),
    blockHeight: number((row) => row.blockHeight),
    confirmations: number((row) => row.confirmations),
    confirmationsRequired: number((row) => row.confirmationsRequired),
    credited: ofAsset((row) => row.credited),
    fee: ofAsset((row) => row.fee),
    networkFee: ofAsset((row) => row.networkFee),
    settled: amount(({ settled, settledCurrency }) =>
      settledCurrency === null ? null : { minorUnits: settled, currency: settledCurrency },
    ),
    settledCurrency: text((row) => row.settledCurrency),
    held: ofAsset((row) => row.held),
    heldReason: text((row) => row.heldReason),
    decision: text((row) => row.decision),
    rate: decimal(({ rate }) => rate && formatRate(scaleRate(rate))),
    rateSource: text((row) => row.rateSource),
    rateAt: moment((row) => row.rateAt),
    detectedAt: moment((row) => row.detectedAt),
    creditedAt: moment((row) => row.creditedAt),
    orphanedAt: moment((row) => row.orphanedAt),
  },
  named: ['projectId', 'mode'],
  query: async (context, named, filter) => {
    const place = await listedPlace(context, 'invoice:read', named.projectId, named.mode);
    const { projectId, mode } = place;
    return { projectId, mode, ...paymentConditions(context.actor, place, filter) };
  },
  page: ({ reads }, query, after, limit) =>
    reads.payments.page({ ...query, ...(after ? { after } : {}), limit, fromEnd: false }),
});
