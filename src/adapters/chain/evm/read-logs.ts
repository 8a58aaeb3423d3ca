import type { EvmEndpoint } from './evm-endpoint.ts';
import { hex, type ChainBlock } from './chain-block.ts';
import { EndpointFault, isFault } from './nodes/endpoint-fault.ts';
import { chainLog, TRANSFER_TOPIC, type ChainLog } from './evm-transfers.ts';
import { inParallel } from './nodes/in-parallel.ts';
import type { JsonRpc } from './nodes/json-rpc.ts';
import { bloomBits, mayHold } from './logs-bloom.ts';
import { listOf, objectOf } from './nodes/rpc-values.ts';

export interface WantedLogs {
  /** Contracts of the known tokens. */
  readonly contracts: readonly string[];
  /** Whether transfers of all other contracts are wanted too. */
  readonly unknownTokens: boolean;
  /** A block has more transfers than the node gives at once; only those of known tokens are read. */
  readonly onCrowdedBlock: (height: bigint) => void;
}

/** The logs of a block, by the block's hash. */
type LogsByBlock = Map<string, readonly ChainLog[]>;

const PARALLEL_CALLS = 4;
const TRANSFER_BITS = bloomBits(TRANSFER_TOPIC);

/**
 * The transfer logs of linked blocks, in as few calls as the node allows. Gives those of the first blocks only when the
 * others were replaced, or are not there, by the time that they were asked for; every log is of the block's hash.
 * Throws EndpointFault.
 */
export async function readLogs(
  endpoint: Pick<EvmEndpoint, 'rpc' | 'logSize'>,
  blocks: readonly ChainBlock[],
  wanted: WantedLogs,
): Promise<LogsByBlock> {
  const read: LogsByBlock = new Map();
  let atMost = blocks.length;
  while (read.size < blocks.length) {
    const chunk = blocks.slice(read.size, read.size + Math.min(endpoint.logSize.size(), atMost));
    try {
      const found = await logsOfChunk(endpoint.rpc, chunk, wanted);
      for (const [hash, logs] of found) read.set(hash, logs);
      if (found.size < chunk.length) return read;
      endpoint.logSize.worked(chunk.length);
    } catch (error) {
      if (isFault(error, 'TIMEOUT', 'TOO_LARGE')) endpoint.logSize.refused(chunk.length);
      if (chunk.length === 1 && isFault(error, 'ABSENT')) return read;
      if (chunk.length === 1 || !isFault(error, 'TOO_LARGE', 'ABSENT')) throw error;
      atMost = Math.floor(chunk.length / 2);
    }
  }
  return read;
}

async function logsOfChunk(
  rpc: JsonRpc,
  chunk: readonly ChainBlock[],
  wanted: WantedLogs,
): Promise<LogsByBlock> {
  const [first] = chunk;
  const last = chunk.at(-1);
  if (!first || !last) return new Map();
  if (first === last) return new Map([[first.hash, await logsOfBlock(rpc, first, wanted)]]);
  const place = { fromBlock: hex(first.height), toBlock: hex(last.height) };
  const found = byBlock(chunk, await ask(rpc, place, wanted.unknownTokens ? null : wanted.contracts));
  return withDoubtful(rpc, chunk, found, wanted);
}

/**
 * An endpoint that is served by several nodes may answer from one that lacks the last blocks, and says nothing of it.
 * So a block without logs, though its own filter says that there may be some, is asked for by its hash, to which a node
 * without that block has no answer (EIP-234).
 */
async function withDoubtful(
  rpc: JsonRpc,
  chunk: readonly ChainBlock[],
  found: LogsByBlock,
  wanted: WantedLogs,
): Promise<LogsByBlock> {
  const contracts = wanted.unknownTokens ? null : wanted.contracts.map(bloomBits);
  const doubtful = chunk.filter(
    ({ hash, transactionCount, logsBloom }) =>
      found.get(hash)?.length === 0 &&
      transactionCount > 0 &&
      mayHold(logsBloom, { event: TRANSFER_BITS, contracts }),
  );
  const again = new Map(
    await inParallel(
      PARALLEL_CALLS,
      doubtful,
      async (block) => [block, await logsIfThere(rpc, block, wanted)] as const,
    ),
  );
  const sure: LogsByBlock = new Map();
  for (const block of chunk) {
    const logs = again.has(block) ? again.get(block) : found.get(block.hash);
    if (!logs) break;
    sure.set(block.hash, logs);
  }
  return sure;
}

async function logsIfThere(rpc: JsonRpc, block: ChainBlock, wanted: WantedLogs) {
  try {
    return await logsOfBlock(rpc, block, wanted);
  } catch (error) {
    if (isFault(error, 'ABSENT')) return null;
    throw error;
  }
}

/** Asked for by its hash, so that a reorg cannot mix in. A block too full is read for the known tokens alone. */
async function logsOfBlock(rpc: JsonRpc, { hash, height }: ChainBlock, wanted: WantedLogs) {
  const askFor = async (contracts: readonly string[] | null) => {
    const logs = await ask(rpc, { blockHash: hash }, contracts);
    if (logs.every((log) => log.blockHash === hash && log.blockHeight === height)) return logs;
    throw new EndpointFault('CONTRADICTION', `it sent logs of another block than ${height}`);
  };
  if (!wanted.unknownTokens) return askFor(wanted.contracts);
  try {
    return await askFor(null);
  } catch (error) {
    if (!isFault(error, 'TOO_LARGE')) throw error;
    wanted.onCrowdedBlock(height);
    return askFor(wanted.contracts);
  }
}

async function ask(
  rpc: JsonRpc,
  place: Readonly<Record<string, string>>,
  contracts: readonly string[] | null,
): Promise<readonly ChainLog[]> {
  if (contracts?.length === 0) return [];
  const filter = { ...place, topics: [TRANSFER_TOPIC], ...(contracts ? { address: contracts } : {}) };
  const answer = listOf(await rpc.call('eth_getLogs', [filter]), 'list of logs').map((log) =>
    objectOf(log, 'log'),
  );
  if (answer.some((log) => log['removed'] === true)) {
    throw new EndpointFault('CONTRADICTION', 'it sent logs that a reorg removed');
  }
  return answer.map(chainLog);
}

/** The logs by block, up to the first block that was another one when the logs were asked for. */
function byBlock(chunk: readonly ChainBlock[], logs: readonly ChainLog[]): LogsByBlock {
  const blocks = new Map(chunk.map((block) => [block.height, { block, logs: [] as ChainLog[] }]));
  let replaced: bigint | null = null;
  for (const log of logs) {
    const at = blocks.get(log.blockHeight);
    if (!at) throw new EndpointFault('CONTRADICTION', 'it sent logs of blocks that were not asked for');
    if (log.blockHash === at.block.hash) at.logs.push(log);
    else if (replaced === null || log.blockHeight < replaced) replaced = log.blockHeight;
  }
  const standing = chunk.filter((block) => replaced === null || block.height < replaced);
  return new Map(standing.map((block) => [block.hash, blocks.get(block.height)?.logs ?? []]));
}
