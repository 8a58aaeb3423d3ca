import { pathOfList } from '../../domain/export/lists.ts';
import type { ExportList } from './export-list.ts';
import { invoiceList } from './invoice-list.ts';
import { paymentList } from './payment-list.ts';
import { payoutList } from './payout-list.ts';
import { reboundList } from './rebound-list.ts';
import { refundList } from './refund-list.ts';
import { statementList } from './statement-list.ts';
import { staticWalletList } from './static-wallet-list.ts';

const LISTS: readonly ExportList[] = [
  invoiceList,
  paymentList,
  payoutList,
  refundList,
  reboundList,
  statementList,
  staticWalletList,
];

/** The lists that can be exported, by their name in the address. A new one is a file and a line above. */
export const EXPORT_LISTS: ReadonlyMap<string, ExportList> = new Map(
  LISTS.map((list) => [pathOfList(list.name), list]),
);
