import { z } from 'zod';
import { parseAmount } from '../../domain/money/money.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import type {
  InvoiceConditions,
  InvoiceOrder,
  InvoicePlace,
  InvoiceView,
} from '../../usecases/ports/invoice-reads.ts';
import { builder } from '../core/builder.ts';
import { InvalidInputError } from '../core/errors.ts';
import { given } from '../core/given.ts';
import { CurrencyCodeEnum } from '../money/money.types.ts';
import { InvoiceExceptionEnum, InvoiceStatusEnum } from './invoice.enums.ts';

const SEARCH_MIN = 3;
const SEARCH_MAX = 128;

const text = (max: number) =>
  z.string().min(1).max(max).refine(isPlainText, 'This is no text that an invoice can have.');

export const InvoiceFilter = builder.inputType('InvoiceFilter', {
  description: 'Which invoices to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: [InvoiceStatusEnum], description: 'Any of these statuses.' }),
    exception: t.field({ type: [InvoiceExceptionEnum], description: 'Any of these.' }),
    orderId: t.string({ description: "Exactly this order id of the shop's.", validate: text(128) }),
    customerRef: t.string({
      description: "Exactly this reference of the shop's customer.",
      validate: text(128),
    }),
    subMerchantId: t.string({ description: 'Asked for this sub-merchant.', validate: text(64) }),
    paymentLinkId: t.globalID({ description: 'Made by this payment link.' }),
    currency: t.field({ type: CurrencyCodeEnum, description: 'Priced in this currency.' }),
    minAmount: t.field({
      type: 'Decimal',
      description: 'Priced at this or more, in whole units; with `currency` only.',
    }),
    maxAmount: t.field({
      type: 'Decimal',
      description: 'Priced at this or less, in whole units; with `currency` only.',
    }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created before this moment.' }),
    paidFrom: t.field({ type: 'DateTime', description: 'Paid at this moment or later.' }),
    paidBefore: t.field({ type: 'DateTime', description: 'Paid before this moment.' }),
    search: t.string({
      description:
        'The beginning of the order id or of the e-mail address, in any case; or whole words of the description, all ' +
        'of them; or a transaction id. 3 to 128 characters.',
      validate: z.string().trim().min(SEARCH_MIN).max(SEARCH_MAX).refine(isPlainText, 'This is no text.'),
    }),
  }),
});

export const InvoiceSortEnum = builder.enumType('InvoiceSort', {
  description: 'The order of a list of invoices.',
  values: {
    CREATED_DESC: { description: 'The newest first.' },
    CREATED_ASC: { description: 'The oldest first.' },
    PAID_DESC: { description: 'What was paid last first; only what is paid.' },
    PAID_ASC: { description: 'What was paid first first; only what is paid.' },
  } as const,
});

export const ORDERS: Readonly<Record<typeof InvoiceSortEnum.$inferType, InvoiceOrder>> = {
  CREATED_DESC: { by: 'createdAt', newestFirst: true },
  CREATED_ASC: { by: 'createdAt', newestFirst: false },
  PAID_DESC: { by: 'paidAt', newestFirst: true },
  PAID_ASC: { by: 'paidAt', newestFirst: false },
};

/** Where an invoice stands in a list of this order. */
export const placeOf = (
  { id, createdAt, paidAt }: Pick<InvoiceView, 'id' | 'createdAt' | 'paidAt'>,
  order: InvoiceOrder | undefined,
): InvoicePlace => ({ id, createdAt: (order?.by === 'paidAt' ? paidAt : null) ?? createdAt });

/** The filter as the lists read it. Throws InvalidInputError for amounts that the currency does not have. */
export function conditionsOf(filter: typeof InvoiceFilter.$inferInput): InvoiceConditions {
  const { minAmount, maxAmount, paymentLinkId, search, ...plain } = filter;
  const minimum = amountOf('minAmount', minAmount, filter.currency);
  const maximum = amountOf('maxAmount', maxAmount, filter.currency);
  return {
    ...given(plain),
    ...(minimum === null ? {} : { minAmount: minimum }),
    ...(maximum === null ? {} : { maxAmount: maximum }),
    ...(paymentLinkId ? { paymentLinkId: paymentLinkId.id } : {}),
    ...(search ? { search: search.trim() } : {}),
  };
}

function amountOf(
  field: 'minAmount' | 'maxAmount',
  amount: string | null | undefined,
  currency: string | null | undefined,
): bigint | null {
  if (amount === null || amount === undefined) return null;
  const refuse = (message: string) =>
    new InvalidInputError({ code: 'INVALID_INPUT', message, path: ['filter', field] });
  if (!currency) throw refuse('An amount is asked for together with its currency.');
  const minorUnits = parseAmount(amount, currency);
  if (minorUnits === null) throw refuse(`This is no amount of ${currency}.`);
  return minorUnits;
}
