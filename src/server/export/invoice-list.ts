import { InvalidInputError } from '../../graphql/core/errors.ts';
import { encodeGlobalID } from '../../graphql/core/relay-options.ts';
import { conditionsOf, InvoiceFilter, ORDERS, placeOf } from '../../graphql/invoice/invoice-filter.ts';
import { listedPlaces } from '../../graphql/project/place.ts';
import type { InvoiceList, InvoiceView } from '../../usecases/ports/invoice-reads.ts';
import { amount, json, moment, text } from './columns.ts';
import { exportList } from './export-list.ts';

type Row = InvoiceView;

export const invoiceList = exportList<'INVOICES', Row, typeof InvoiceFilter.$inferInput, InvoiceList>({
  name: 'INVOICES',
  filter: InvoiceFilter,
  columns: {
    id: text((row) => encodeGlobalID('Invoice', row.id)),
    status: text((row) => row.status),
    exception: text((row) => row.exception),
    amount: amount(({ amount: minorUnits, currency }) => ({ minorUnits, currency })),
    currency: text((row) => row.currency),
    amountSeen: amount(({ amountSeen: minorUnits, currency }) => ({ minorUnits, currency })),
    amountPaid: amount(({ amountPaid: minorUnits, currency }) => ({ minorUnits, currency })),
    accepted: amount(({ accepted, currency }) =>
      accepted === null ? null : { minorUnits: accepted, currency },
    ),
    orderId: text((row) => row.orderId),
    description: text((row) => row.description),
    customerEmail: text((row) => row.customerEmail),
    customerRef: text((row) => row.customerRef),
    subMerchantId: text((row) => row.subMerchantId),
    metadata: json((row) => row.metadata),
    returnUrl: text((row) => row.returnUrl),
    cancelUrl: text((row) => row.cancelUrl),
    createdAt: moment((row) => row.createdAt),
    expiresAt: moment((row) => row.expiresAt),
    paidAt: moment((row) => row.paidAt),
  },
  named: ['projectId', 'projectIds', 'merchantId', 'mode', 'sort'],
  async query(context, { mode, sort = 'CREATED_DESC', ...places }, filter) {
    if (!isSort(sort))
      throw new InvalidInputError({
        code: 'INVALID_INPUT',
        message: `The order is one of ${Object.keys(ORDERS).join(', ')}.`,
        path: ['sort'],
      });
    const place = await listedPlaces(context, 'invoice:read', places, mode);
    return { ...place, ...conditionsOf(filter), order: ORDERS[sort] };
  },
  page: ({ reads }, query, after, limit) =>
    reads.invoices.page({
      ...query,
      ...(after ? { after: placeOf(after, query.order) } : {}),
      limit,
      fromEnd: false,
      children: false,
    }),
});

const isSort = (sort: string): sort is keyof typeof ORDERS => Object.hasOwn(ORDERS, sort);
