import { coinOf } from '../../domain/chain/networks.ts';
import { custodyEvent, lookedAgain, type CustodyCheck } from '../../domain/custody/custody-check.ts';
import type { Clock } from '../ports/clock.ts';
import type { CustodyChain, CustodySight } from '../ports/custody-chain.ts';
import type { CustodySnapshot, CustodyStore } from '../ports/custody-store.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { SystemStamp } from '../stamp-event.ts';

export interface CustodyCompareDeps {
  readonly store: CustodyStore;
  readonly stamp: SystemStamp;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/**
 * Compares what the ledger says is held on a network with what the chain says, at one block (docs/decisions/0045). Gives
 * what it found, by asset; null when the two could not be looked at together: then nothing is said of either.
 *
 * @param ownFunds by asset, in its smallest unit: what the operator put on the gateway's addresses besides
 */
export type CustodyCompare = (
  chain: CustodyChain,
  ownFunds: ReadonlyMap<string, bigint>,
) => Promise<readonly CustodyCheck[] | null>;

export const custodyCompare =
  ({ store, stamp, ids, clock, feed }: CustodyCompareDeps): CustodyCompare =>
  async (chain, ownFunds) => {
    const { network } = chain;
    const last = await store.last(network);
    const snapshot = await store.snapshot(network);
    const sight = snapshot && (await chain.look(snapshot.block, snapshot.places, snapshot.open));
    if (!sight) return null;
    const at = clock.now();
    const expected = expectedOn(network, snapshot, sight);
    const steps = chain.assets.map((asset) => {
      const before = last.find((each) => each.asset === asset) ?? null;
      return lookedAgain(before, before?.id ?? ids.next(), {
        network,
        asset,
        ledger: (expected.get(asset) ?? 0n) + (ownFunds.get(asset) ?? 0n),
        chain: sight.held.get(asset) ?? 0n,
        height: snapshot.block.height,
        at,
      });
    });
    const events = steps.flatMap(({ check, told }) =>
      told === null ? [] : [stamp(custodyEvent(told, check))],
    );
    const checks = steps.map(({ check }) => check);
    if (!(await store.record(checks, events))) return null;
    if (events.length > 0) feed.poke();
    return checks;
  };

/** What is booked, less what open spends have taken up to the block: that is booked when it is final. */
function expectedOn(
  network: string,
  { block, booked, open }: CustodySnapshot,
  { sights }: CustodySight,
): ReadonlyMap<string, bigint> {
  const expected = new Map(booked);
  const take = (asset: string, amount: bigint) => expected.set(asset, (expected.get(asset) ?? 0n) - amount);
  for (const [index, { kind, transfer }] of open.entries()) {
    const sight = sights[index];
    if (sight?.kind !== 'MINED' || sight.height > block.height) continue;
    // Sweeps and top-ups stay on the gateway's own addresses.
    if (kind === 'PAYOUT' && sight.succeeded) take(transfer.asset, transfer.amount);
    take(coinOf(network), sight.feePaid);
  }
  return expected;
}
