import type { Block } from '../../../usecases/ports/chain-reader.ts';
import type { Logger } from '../../../usecases/ports/logger.ts';
import { blockAt, linkedBeginning, type ChainBlock } from './chain-block.ts';
import type { EvmEndpoint } from './evm-endpoint.ts';
import { coinTransfers, tokenTransfers, type KnownToken } from './evm-transfers.ts';
import { EndpointFault, isFault } from './nodes/endpoint-fault.ts';
import { inParallel } from './nodes/in-parallel.ts';
import { readLogs } from './read-logs.ts';

const PARALLEL_BLOCKS = 8;

export interface BlockReadingOptions {
  readonly network: string;
  /** The asset that is the network's own coin, if it is one of the gateway's. */
  readonly coin: string | undefined;
  readonly tokens: ReadonlyMap<string, KnownToken>;
  readonly unknownTokens: boolean;
  readonly logger: Logger;
}

/**
 * Reads blocks from one height to another, both included, from one endpoint: linked, and with the logs of their own
 * hashes. Fewer when the chain is shorter, changed meanwhile, or the endpoint gives less at once; none only when there
 * is no first one. Throws EndpointFault.
 */
export type BlockReading = (endpoint: EvmEndpoint, from: bigint, to: bigint) => Promise<readonly Block[]>;

export function blockReading(options: BlockReadingOptions): BlockReading {
  const { network, coin, tokens, unknownTokens, logger } = options;
  const wanted = {
    contracts: [...tokens.keys()],
    unknownTokens,
    onCrowdedBlock: (height: bigint) =>
      logger.warn(
        { network, height },
        'a block has too many transfers; those of unknown tokens are not read',
      ),
  };
  return async (endpoint, from, to) => {
    const heights = heightsOf(from, to, endpoint.span.size());
    const linked = await adapting(endpoint, heights, coin !== undefined);
    const logs = await readLogs(endpoint, linked, wanted);
    if (linked.length > 0 && logs.size === 0) {
      throw new EndpointFault('CONTRADICTION', `block ${from} was replaced between two answers`);
    }
    return linked.slice(0, logs.size).map(({ height, hash, parentHash, minedAt, valueTransactions }) => ({
      height,
      hash,
      parentHash,
      minedAt,
      transfers: [
        ...(coin === undefined ? [] : coinTransfers(valueTransactions, coin)),
        ...tokenTransfers(logs.get(hash) ?? [], tokens, unknownTokens),
      ],
    }));
  };
}

function heightsOf(from: bigint, to: bigint, atMost: number): readonly bigint[] {
  const wanted = to - from + 1n;
  const count = wanted < BigInt(atMost) ? Number(wanted) : atMost;
  return Array.from({ length: Math.max(0, count) }, (_, index) => from + BigInt(index));
}

/** The linked blocks at these heights; the endpoint is asked for fewer the next time when these were too many. */
async function adapting(
  { rpc, span }: EvmEndpoint,
  heights: readonly bigint[],
  withTransactions: boolean,
): Promise<readonly ChainBlock[]> {
  try {
    const blocks = await inParallel(PARALLEL_BLOCKS, heights, (height) =>
      blockAt(rpc, height, withTransactions),
    );
    span.worked(heights.length);
    return linkedBeginning(blocks);
  } catch (error) {
    if (isFault(error, 'TIMEOUT', 'RATE_LIMITED', 'TOO_LARGE')) span.refused(heights.length);
    throw error;
  }
}
