import type { InvoiceConditions } from '../../../usecases/ports/invoice-reads.ts';

/** The parameters of a statement that is being written. */
export interface Parameters {
  readonly values: unknown[];
  /** Gives the place of the value in the statement, cast to its type. */
  bind(value: unknown, type: string): string;
}

export function parameters(): Parameters {
  const values: unknown[] = [];
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` };
}

export type Filter = keyof InvoiceConditions;

type Condition = (list: InvoiceConditions, bind: Parameters['bind']) => string;

/** Each condition on `invoice i`, alone. A letter stands for it in the names of statements. */
const CONDITIONS: Readonly<Record<Filter, readonly [letter: string, condition: Condition]>> = {
  status: ['s', ({ status }, bind) => `i.status = ANY (${bind(status, '"InvoiceStatus"[]')})`],
  exception: ['e', ({ exception }, bind) => `i.exception = ANY (${bind(exception, '"InvoiceException"[]')})`],
  currency: ['c', ({ currency }, bind) => `i.currency = ${bind(currency, 'text')}`],
  minAmount: ['g', ({ minAmount }, bind) => `i.amount >= ${bind(minAmount, 'numeric')}`],
  maxAmount: ['l', ({ maxAmount }, bind) => `i.amount <= ${bind(maxAmount, 'numeric')}`],
  orderId: ['o', ({ orderId }, bind) => orderCondition(bind(orderId, 'text'))],
  customerRef: ['r', ({ customerRef }, bind) => `i.customer_ref = ${bind(customerRef, 'text')}`],
  subMerchantId: ['m', ({ subMerchantId }, bind) => `i.sub_merchant_id = ${bind(subMerchantId, 'text')}`],
  paymentLinkId: ['k', ({ paymentLinkId }, bind) => `i.payment_link_id = ${bind(paymentLinkId, 'uuid')}`],
  createdFrom: ['f', ({ createdFrom }, bind) => `i.created_at >= ${bind(createdFrom, 'timestamptz')}`],
  createdBefore: ['u', ({ createdBefore }, bind) => `i.created_at < ${bind(createdBefore, 'timestamptz')}`],
  paidFrom: ['h', ({ paidFrom }, bind) => `i.paid_at >= ${bind(paidFrom, 'timestamptz')}`],
  paidBefore: ['v', ({ paidBefore }, bind) => `i.paid_at < ${bind(paidBefore, 'timestamptz')}`],
  search: ['t', ({ search }, bind) => searchCondition(bind(search, 'text'))],
};

const FILTERS = Object.keys(CONDITIONS) as readonly Filter[];

/** The conditions that a list has. */
export const filtersOf = (list: InvoiceConditions): readonly Filter[] =>
  FILTERS.filter((filter) => list[filter] !== undefined);

export const lettersOf = (filters: readonly Filter[]): string =>
  filters.map((filter) => CONDITIONS[filter][0]).join('');

export const conditionsOf = (
  list: InvoiceConditions,
  filters: readonly Filter[],
  bind: Parameters['bind'],
): string[] => filters.map((filter) => CONDITIONS[filter][1](list, bind));

/** By the index on the lower-cased order id, which holds few rows more. */
const orderCondition = (orderId: string): string =>
  `(lower(i.order_id) COLLATE "C") = lower(${orderId}) AND i.order_id = ${orderId}`;

/** A range of the index that orders lower-cased texts by their bytes: what begins with the text. */
export const begins = (column: string, text: string): string =>
  `(lower(${column}) COLLATE "C") >= lower(${text})
    AND (lower(${column}) COLLATE "C") < lower(${text}) || chr(1114111)`;

/** Payments with exactly this transaction id: networks write it in small letters. */
export const hasTransactionId = (text: string): string => `p.tx_id IN (${text}, lower(${text}))`;

/**
 * For a single row, the same as the indexes of `bySearch`. To take a description into words costs far more than to look
 * whether the longest word of the text stands in it at all.
 */
const searchCondition = (text: string): string => `(
    starts_with(lower(i.order_id), lower(${text})) OR starts_with(lower(i.customer_email), lower(${text}))
    OR (strpos(lower(i.description), (SELECT lexeme FROM unnest(to_tsvector('pg_catalog.simple', ${text}))
          ORDER BY length(lexeme) DESC LIMIT 1)) > 0
      AND to_tsvector('pg_catalog.simple', i.description) @@ plainto_tsquery('pg_catalog.simple', ${text}))
    OR i.id = ANY (ARRAY(SELECT p.invoice_id FROM payment p
      WHERE ${hasTransactionId(text)} AND p.invoice_id IS NOT NULL LIMIT 1000)))`;
