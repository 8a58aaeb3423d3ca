/** The lists that can be exported and seen through saved views (FEATURES E4, E5), each with its columns in their order. */
export const LIST_COLUMNS = {
  INVOICES: [
    'id',
    'status',
    'exception',
    'amount',
    'currency',
    'amountSeen',
    'amountPaid',
    'accepted',
    'orderId',
    'description',
    'customerEmail',
    'customerRef',
    'subMerchantId',
    'metadata',
    'returnUrl',
    'cancelUrl',
    'createdAt',
    'expiresAt',
    'paidAt',
  ],
  PAYMENTS: [
    'id',
    'invoiceId',
    'status',
    'exception',
    'amount',
    'asset',
    'network',
    'txId',
    'outputIndex',
    'blockHeight',
    'confirmations',
    'confirmationsRequired',
    'credited',
    'fee',
    'networkFee',
    'settled',
    'settledCurrency',
    'held',
    'heldReason',
    'decision',
    'rate',
    'rateSource',
    'rateAt',
    'detectedAt',
    'creditedAt',
    'orphanedAt',
  ],
  STATEMENT: ['id', 'createdAt', 'account', 'amount', 'currency', 'kind', 'projectId', 'paymentId'],
  STATIC_WALLETS: ['id', 'network', 'address', 'customerRef', 'label', 'status', 'createdAt', 'blockedAt'],
} as const satisfies Record<string, readonly string[]>;

export type ListName = keyof typeof LIST_COLUMNS;

export const LIST_NAMES = Object.keys(LIST_COLUMNS) as readonly ListName[];

/** A list in an address: `static-wallets` for STATIC_WALLETS. */
export const pathOfList = (list: ListName): string => list.toLowerCase().replaceAll('_', '-');

/**
 * The columns that were asked for, in that order; null when the list has no such column, one is named twice, or none
 * is.
 */
export function chosenColumns(list: ListName, names: readonly string[]): readonly string[] | null {
  const known: ReadonlySet<string> = new Set(LIST_COLUMNS[list]);
  const isRight =
    names.length > 0 && new Set(names).size === names.length && names.every((n) => known.has(n));
  return isRight ? names : null;
}
