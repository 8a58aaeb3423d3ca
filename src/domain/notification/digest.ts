import { EVENT_CATALOGUE, EVENT_TYPES } from '../event/catalogue.ts';
import type { DigestRule } from '../event/event-row.ts';

/** Several messages as one (FEATURES N9). */
export interface Digest {
  readonly group: DigestRule['group'];
  /** How many events, two at least. */
  readonly count: number;
  /** What they come to, exact decimals, by currency or asset. */
  readonly sums: readonly { readonly currency: string; readonly amount: string }[];
  readonly mode: 'TEST' | 'LIVE' | null;
  readonly projectName: string;
  /** When the first and the last of them happened. */
  readonly from: Date;
  readonly to: Date;
}

/** Which fields of the events of a type are summed, for those that may be collected. */
export const DIGEST_FIELDS: readonly (Pick<DigestRule, 'amount' | 'currency'> & { readonly type: string })[] =
  EVENT_TYPES.flatMap((type) => {
    const { digest } = EVENT_CATALOGUE[type];
    return digest ? [{ type, amount: digest.amount, currency: digest.currency }] : [];
  });
