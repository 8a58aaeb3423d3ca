import { createHash } from 'node:crypto';
import {
  ChainUnavailable,
  type Block,
  type ChainReader,
  type PoolView,
  type Transfer,
} from '../../src/usecases/ports/chain-reader.ts';
import { NETWORK } from './watched-shop.ts';

/** A transfer of USDT; `more` makes it something else. */
export const transferTo = (to: string, amount: bigint, more: Partial<Transfer> = {}): Transfer => ({
  txId: `tx-${crypto.randomUUID()}`,
  outputIndex: 0,
  to,
  asset: 'USDT',
  contract: null,
  amount,
  ...more,
});

/** A chain in memory behind the port, with a memory pool: what no real node does on demand. */
export function createFakeChain({ base = 1n, network = NETWORK }: { base?: bigint; network?: string } = {}) {
  const lowest = blockAfter(null, base - 1n, []);
  /** The block at height base - 1 + index. */
  let blocks: Block[] = [lowest, blockAfter(lowest, base, [])];
  let finalized: bigint | null = null;
  let pool = new Map<string, readonly Transfer[]>();
  let looked = new Set<string>();
  let ready = true;
  let isDown = false;
  const failed = new Set<string>();
  const asked: string[] = [];

  const ask = <T>(what: string, answer: () => T): Promise<T> => {
    asked.push(what);
    return isDown
      ? Promise.reject(new ChainUnavailable(`${network}: ${what} failed`))
      : Promise.resolve(answer());
  };
  const tip = (): Block => {
    const last = blocks.at(-1);
    if (!last) throw new Error('the chain has no block');
    return last;
  };
  const at = (height: bigint): Block | null =>
    height < lowest.height ? null : (blocks[Number(height - lowest.height)] ?? null);

  const view = (): PoolView | null => {
    if (!ready) return null;
    const fresh = [...pool].filter(([txId]) => !looked.has(txId));
    looked = new Set(pool.keys());
    return {
      tip: { height: tip().height, hash: tip().hash },
      txIds: new Set(pool.keys()),
      transfers: fresh.flatMap(([, transfers]) => transfers),
    };
  };

  const reader: ChainReader = {
    network,
    head: () => ask('head', () => ({ height: tip().height, finalized })),
    header: (height) => ask('header', () => at(height)),
    blocks: (from, to) =>
      ask(`blocks ${to - from + 1n}`, () => {
        const found: Block[] = [];
        for (let height = from; height <= to; height += 1n) {
          const block = at(height);
          if (!block) break;
          found.push(block);
        }
        return found;
      }),
    carriedOut: (_block, transfers) =>
      ask(`carried out ${transfers.length}`, () => transfers.filter(({ txId }) => !failed.has(txId))),
    pool: {
      read: () => ask('pool', view),
      reset() {
        looked = new Set();
      },
    },
  };

  return {
    reader,
    /** Height of the highest block at the beginning; one is below it. */
    base,
    /** What was asked of the reader, in order. */
    asked,
    tip,
    /** One block for each list; what is in the pool leaves it. */
    mine(...contents: readonly (readonly Transfer[])[]) {
      for (const transfers of contents) {
        blocks.push(blockAfter(tip(), tip().height + 1n, transfers));
        for (const { txId } of transfers) pool.delete(txId);
      }
    },
    /** Replaces the topmost `depth` blocks by these; gives what brings the old ones back. */
    reorg(depth: number, ...contents: readonly (readonly Transfer[])[]): () => void {
      const old = [...blocks];
      blocks = blocks.slice(0, blocks.length - depth);
      this.mine(...contents);
      return () => {
        blocks = old;
      };
    },
    /** Waits for a block. */
    offer(...transfers: readonly Transfer[]) {
      for (const transfer of transfers)
        pool.set(transfer.txId, [...(pool.get(transfer.txId) ?? []), transfer]);
    },
    /** Leaves the pool without a block. */
    drop(...transfers: readonly Transfer[]) {
      pool = new Map([...pool].filter(([txId]) => !transfers.some((t) => t.txId === txId)));
    },
    /** It stands in a block and was not carried out. */
    fail: ({ txId }: Transfer) => void failed.add(txId),
    finalize(height: bigint) {
      finalized = height;
    },
    set poolReady(value: boolean) {
      ready = value;
    },
    set down(value: boolean) {
      isDown = value;
    },
  };
}

export type FakeChain = ReturnType<typeof createFakeChain>;

let made = 0;

function blockAfter(parent: Block | null, height: bigint, transfers: readonly Transfer[]): Block {
  made += 1;
  return {
    height,
    hash: createHash('sha256').update(`block ${made}`).digest('hex'),
    parentHash: parent?.hash ?? 'nothing',
    minedAt: parent ? new Date(parent.minedAt.getTime() + 1000) : new Date(),
    transfers,
  };
}
