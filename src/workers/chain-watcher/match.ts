import type { KnownTransfer } from '../../usecases/payment/payment-observe.ts';
import type { Transfer } from '../../usecases/ports/chain-reader.ts';
import type { AddressOwner, ChainStore, WatchedAddress } from '../../usecases/ports/chain-store.ts';
import type { UnmatchedTransfer } from '../../usecases/ports/unmatched-transfers.ts';

/** Keeps one lookup's parameters at a size that PostgreSQL plans well. */
const ADDRESSES_A_QUERY = 10_000;
const NONE: ReadonlySet<string> = new Set();

export interface MatchedTransfer {
  readonly transfer: KnownTransfer;
  readonly owner: AddressOwner;
}

/** The transfers to addresses that were given out, each list in the order of the transfers. */
export interface Matches {
  readonly matched: readonly MatchedTransfer[];
  /** Those that neither invoice nor wallet can take. */
  readonly unmatched: readonly UnmatchedTransfer[];
}

export async function match(
  network: string,
  store: Pick<ChainStore, 'watched' | 'topUps'>,
  transfers: readonly Transfer[],
): Promise<Matches> {
  const watched = await watchedBy(network, store, transfers);
  const toOurs = transfers.filter(({ to }) => watched.has(to)).map(({ txId }) => txId);
  const topUps = toOurs.length > 0 ? await store.topUps(network, [...new Set(toOurs)]) : NONE;
  const matched: MatchedTransfer[] = [];
  const unmatched: UnmatchedTransfer[] = [];
  for (const transfer of transfers) {
    const to = watched.get(transfer.to);
    // A transfer of nothing is no money: whoever likes can send it in anybody's name.
    if (!to || transfer.amount <= 0n || topUps.has(transfer.txId)) continue;
    if (to.network !== network) unmatched.push({ transfer, to, reason: 'WRONG_NETWORK' });
    else if (transfer.asset === null) unmatched.push({ transfer, to, reason: 'UNKNOWN_TOKEN' });
    else matched.push({ transfer: { ...transfer, asset: transfer.asset }, owner: to.owner });
  }
  return { matched, unmatched };
}

/** By address; this network's own where several gave the same one out. */
async function watchedBy(
  network: string,
  store: Pick<ChainStore, 'watched'>,
  transfers: readonly Transfer[],
): Promise<ReadonlyMap<string, WatchedAddress>> {
  const addresses = [...new Set(transfers.map((t) => t.to))];
  const found = new Map<string, WatchedAddress>();
  for (let start = 0; start < addresses.length; start += ADDRESSES_A_QUERY) {
    for (const watched of await store.watched(addresses.slice(start, start + ADDRESSES_A_QUERY))) {
      if (found.get(watched.address)?.network !== network) found.set(watched.address, watched);
    }
  }
  return found;
}
