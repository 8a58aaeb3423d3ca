import { eventActor, SYSTEM } from '../../domain/access/actor.ts';
import type { EventDraft } from '../../domain/event/event.ts';
import type { BlockRef } from '../ports/chain-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { UnmatchedTransfer, UnmatchedTransfers } from '../ports/unmatched-transfers.ts';
import { stampEvent } from '../stamp-event.ts';

export interface UnmatchedInBlock {
  /** The network that the transfers were seen on. */
  readonly network: string;
  readonly block: BlockRef;
  readonly transfers: readonly UnmatchedTransfer[];
}

/** Transfers of a block came to addresses that cannot take them: kept for the operator (FEATURES D17). Safe to repeat. */
export type UnmatchedTransfersRecord = (seen: UnmatchedInBlock) => Promise<void>;

export interface UnmatchedTransfersRecordDeps {
  readonly unmatched: UnmatchedTransfers;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const unmatchedTransfersRecord =
  ({ unmatched, ids, clock, feed }: UnmatchedTransfersRecordDeps): UnmatchedTransfersRecord =>
  async ({ network, block, transfers }) => {
    if (transfers.length === 0) return;
    const at = clock.now();
    const stamp = { actor: eventActor(SYSTEM), at };
    const rows = transfers.map((each) => {
      const id = ids.next();
      const draft = unmatchedEvent(id, network, block, each);
      return { ...each, id, event: stampEvent(draft, { ...stamp, id: ids.next() }) };
    });
    if (await unmatched.record(network, block, rows, at)) feed.poke();
  };

/** Of the operator alone: no merchant is told of money that it cannot have. */
const unmatchedEvent = (
  id: string,
  network: string,
  block: BlockRef,
  { transfer, to, reason }: UnmatchedTransfer,
): EventDraft => ({
  type: 'transfer.unmatched',
  merchantId: null,
  projectId: null,
  mode: null,
  subject: { type: 'TRANSFER', id },
  data: {
    network,
    txId: transfer.txId,
    asset: transfer.asset,
    contract: transfer.contract,
    units: transfer.amount.toString(),
    address: to.address,
    addressNetwork: to.network,
    reason,
    blockHeight: block.height.toString(),
  },
});
