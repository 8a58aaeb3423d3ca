import type { Mode } from '../../domain/access/actor.ts';
import { formatRate } from '../../domain/money/rate.ts';
import type { Prisma, Refund } from '../../generated/prisma/client.ts';
import { encodeGlobalID } from '../../graphql/core/relay-options.ts';
import { money } from '../../graphql/money/money.types.ts';
import { listedPlace } from '../../graphql/project/place.ts';
import { refundConditions, RefundFilter, refundPage } from '../../graphql/refund/refund-filter.ts';
import { amount, decimal, moment, text } from './columns.ts';
import { exportList } from './export-list.ts';

const ofAsset = (read: (row: Refund) => Prisma.Decimal) =>
  amount((row: Refund) => money(read(row), row.asset));
const rate = (read: (row: Refund) => Prisma.Decimal) =>
  decimal((row: Refund) => formatRate(BigInt(read(row).toFixed(0))));

export const refundList = exportList<
  'REFUNDS',
  Refund,
  typeof RefundFilter.$inferInput,
  { projectId: string; mode: Mode } & ReturnType<typeof refundConditions>
>({
  name: 'REFUNDS',
  named: ['projectId', 'mode'],
  filter: RefundFilter,
  columns: {
    id: text((row) => encodeGlobalID('Refund', row.id)),
    invoiceId: text((row) => encodeGlobalID('Invoice', row.invoiceId)),
    status: text((row) => row.status),
    reason: text((row) => row.reason),
    description: text((row) => row.description),
    amount: amount((row) => money(row.amount, row.currency)),
    currency: text((row) => row.currency),
    debitAmount: amount((row) => money(row.debitAmount, row.debitCurrency)),
    debitCurrency: text((row) => row.debitCurrency),
    assetAmount: ofAsset((row) => row.assetAmount),
    networkFee: ofAsset((row) => row.networkFee),
    arrives: ofAsset((row) => row.assetAmount.minus(row.networkFee)),
    asset: text((row) => row.asset),
    network: text((row) => row.network),
    rate: rate((row) => row.rate),
    debitRate: rate((row) => row.debitRate),
    rateSource: text((row) => row.rateSource),
    rateAt: moment((row) => row.rateAt),
    subMerchantId: text((row) => row.subMerchantId),
    customerEmail: text((row) => row.customerEmail),
    address: text((row) => row.address),
    failure: text((row) => row.failure),
    createdAt: moment((row) => row.createdAt),
    claimSentAt: moment((row) => row.claimSentAt),
    addressAt: moment((row) => row.addressAt),
    transferredAt: moment((row) => row.transferredAt),
  },
  query: async (context, { projectId, mode }, filter) => ({
    ...(await listedPlace(context, 'invoice:read', projectId, mode)),
    ...refundConditions(filter),
  }),
  page: ({ prisma }, query, after, limit) =>
    refundPage(prisma, query, { after, before: null, limit, fromEnd: false }),
});
