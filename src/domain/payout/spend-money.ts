import { coinOf } from '../chain/networks.ts';
import type { AccountRef, LedgerEntry } from '../ledger/entries.ts';

/** What a mined transaction cost, whatever it carried: NETWORK_FEES − , CUSTODY + , in the network's own coin. */
export function minedAt(spendId: string, network: string, feePaid: bigint): LedgerEntry {
  const account = (kind: 'NETWORK_FEES' | 'CUSTODY'): AccountRef => ({
    kind,
    asset: coinOf(network),
    merchantId: null,
    network,
  });
  return {
    sourceType: 'SPEND',
    sourceId: spendId,
    kind: 'MINED',
    postings: [
      { account: account('NETWORK_FEES'), amount: -feePaid },
      { account: account('CUSTODY'), amount: feePaid },
    ].filter(({ amount }) => amount !== 0n),
  };
}
