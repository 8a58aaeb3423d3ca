import { z } from 'zod';
import type { Block, Transfer } from '../../../usecases/ports/chain-reader.ts';
import type { BlockRef } from '../../../usecases/ports/chain-store.ts';
import { refused, resultOf, type Answer, type Call, type CoreRpc } from './core-rpc.ts';
import { NodeFailure } from './node-failure.ts';
import { coreTransaction, transfersOf } from './utxo-transfers.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const header = z.object({
  hash,
  height: z.int().nonnegative(),
  /** Block 0 has none. */
  previousblockhash: hash.optional(),
});

const fullBlock = header.extend({
  /** Seconds since 1970. */
  time: z.int().nonnegative(),
  tx: z.array(coreTransaction),
});

/** RPC_INVALID_PARAMETER: `getblockhash` says it for a height above the newest block. */
const OUT_OF_RANGE = -8;

/** The parent of block 0, as block 0 itself writes it. */
const NO_PARENT = '0'.repeat(64);

/** Blocks read at once: a block of Bitcoin is some ten megabytes of text. */
const AT_ONCE = 2;

/** Bound on memory: a range with more ends early. */
const MAX_TRANSFERS = 100_000;

/** Null when the chain is shorter. */
export async function headerAt(
  rpc: CoreRpc,
  height: bigint,
): Promise<(BlockRef & { readonly parentHash: string }) | null> {
  const [found] = await hashesOf(rpc, height, height);
  if (found === undefined) return null;
  const read = await rpc.ask(header, 'getblockheader', found);
  return placed(read, { height, hash: found });
}

/** From one height to another, both included, each the parent of the next; ends where the chain ends or is replaced. */
export async function blocksBetween(rpc: CoreRpc, from: bigint, to: bigint, asset: string): Promise<Block[]> {
  const hashes = await hashesOf(rpc, from, to);
  const blocks: Block[] = [];
  let transfers = 0;
  for (let at = 0; at < hashes.length && transfers < MAX_TRANSFERS; at += AT_ONCE) {
    const read = await Promise.all(
      hashes
        .slice(at, at + AT_ONCE)
        .map((found, i) => blockOf(rpc, { height: from + BigInt(at + i), hash: found }, asset)),
    );
    for (const block of read) {
      const below = blocks.at(-1);
      if (below && block.parentHash !== below.hash) return blocks;
      blocks.push(block);
      transfers += block.transfers.length;
    }
  }
  return blocks;
}

async function blockOf(rpc: CoreRpc, ref: BlockRef, asset: string): Promise<Block> {
  const read = await rpc.ask(fullBlock, 'getblock', ref.hash, 2);
  return {
    ...placed(read, ref),
    minedAt: new Date(read.time * 1_000),
    transfers: read.tx.flatMap((tx): Transfer[] => transfersOf(tx, asset)),
  };
}

/** The hashes at the heights of a range, up to the end of the chain. */
async function hashesOf(rpc: CoreRpc, from: bigint, to: bigint): Promise<string[]> {
  const count = Number(to - from) + 1;
  const calls = Array.from({ length: count }, (_, i): Call => ['getblockhash', Number(from) + i]);
  const answers = await rpc.askAll(calls);
  const end = answers.findIndex(isOutOfRange);
  return answers.slice(0, end < 0 ? count : end).map((answer) => resultOf(hash, answer, 'getblockhash'));
}

function isOutOfRange(answer: Answer): boolean {
  if (!('refusal' in answer)) return false;
  if (answer.refusal.code !== OUT_OF_RANGE) throw refused('getblockhash', answer.refusal);
  return true;
}

/** The block's place, which must be the one that was asked for. */
function placed(read: z.infer<typeof header>, ref: BlockRef): BlockRef & { readonly parentHash: string } {
  if (read.hash !== ref.hash || BigInt(read.height) !== ref.height) {
    throw new NodeFailure(`the node sent another block than ${ref.height}`);
  }
  return { ...ref, parentHash: read.previousblockhash ?? NO_PARENT };
}
