import type { GraphQLSchema } from 'graphql';
import type { ListName } from '../../domain/export/lists.ts';
import type { Result } from '../../usecases/result.ts';
import { InvalidInputError } from '../core/errors.ts';
import { readInput, type InputRef } from '../core/read-input.ts';
import { InvoiceFilter } from '../invoice/invoice-filter.ts';
import { StatementFilter } from '../statement/statement.queries.ts';
import { StaticWalletFilter } from '../static-wallet/static-wallet.queries.ts';
import { PaymentFilter } from '../payment/payment.queries.ts';
import { PayoutFilter } from '../payout/payout-filter.ts';
import { ReboundFilter } from '../rebound/rebound-filter.ts';
import { RefundFilter } from '../refund/refund-filter.ts';

const FILTERS: Readonly<Record<ListName, InputRef<unknown>>> = {
  INVOICES: InvoiceFilter,
  PAYMENTS: PaymentFilter,
  PAYOUTS: PayoutFilter,
  REFUNDS: RefundFilter,
  REBOUNDS: ReboundFilter,
  STATEMENT: StatementFilter,
  STATIC_WALLETS: StaticWalletFilter,
};

/** The filter as it was sent, when the list would take it; otherwise why not. */
export function checkedFilter(schema: GraphQLSchema, list: ListName, filter: unknown): Result<object> {
  try {
    readInput(schema, FILTERS[list], filter, 'filter');
    return { ok: true, value: filter as object };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const { code, message, inputPath } = error;
    return { ok: false, refusal: { code, message, path: ['input', ...(inputPath ?? [])] } };
  }
}
