import type { NetworkAsset } from '../../../domain/chain/networks.ts';
import type { ChainReader } from '../../../usecases/ports/chain-reader.ts';
import type { Logger } from '../../../usecases/ports/logger.ts';
import { carriedOut, mayHaveFailed } from './carried-out.ts';
import { blockAt } from './chain-block.ts';
import { absent, evmEndpoint, finalizedOf, headOf, verifyEndpoint } from './evm-endpoint.ts';
import { knownTokens } from './evm-transfers.ts';
import { endpointHeads } from './nodes/endpoint-heads.ts';
import { createEndpoints } from './nodes/endpoints.ts';
import { createJsonRpc } from './nodes/json-rpc.ts';
import { blockReading } from './read-blocks.ts';

export interface EvmReaderConfig {
  readonly network: string;
  /** JSON-RPC over HTTP, the preferred one first. May hold the providers' keys, so no message tells them. */
  readonly rpcUrls: readonly string[];
  /** EIP-155 id that the nodes must answer with. */
  readonly chainId: number;
  /** What to look for; a deployment names its own contracts for a test chain. */
  readonly assets: readonly NetworkAsset[];
  /** Who says what is final: the number of blocks above, or the node (EIP-1898's tag `finalized`). */
  readonly finality: 'confirmations' | 'finalized';
  /** Whether transfers of tokens that are not in `assets` are given too. */
  readonly unknownTokens: boolean;
  /** The most blocks that one eth_getLogs spans. */
  readonly logChunk: number;
  readonly logger: Logger;
}

/** What tests put in the place of time and chance. */
export interface EvmReaderTiming {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The longest wait for one answer. */
  readonly timeoutMs: number;
}

const DEFAULT_TIMING: EvmReaderTiming = {
  now: () => performance.now(),
  random: Math.random,
  timeoutMs: 10_000,
};
const SURVEY_EVERY_MS = 30_000;

/**
 * Reads an EVM network over JSON-RPC: one eth_getBlockByNumber a block, as few eth_getLogs as the node allows, and
 * receipts only of the coin transfers that the caller asks about. Each call of the reader is answered by one node; when
 * it fails, lags or contradicts itself, by the next (docs/decisions/0026). Coin that contracts send on is not seen
 * (see `coinTransfers`); tokens always are.
 *
 * Throws ChainUnavailable when no node does, and a plain Error when all are of another chain than configured, or
 * contracts are not the tokens that they should be.
 */
export function createEvmReader(config: EvmReaderConfig, timing: Partial<EvmReaderTiming> = {}): ChainReader {
  const { network, assets, chainId, finality, unknownTokens, logger } = config;
  const { now, random, timeoutMs } = { ...DEFAULT_TIMING, ...timing };
  const tokens = knownTokens(assets);
  const coin = assets.find((row) => row.contract === null)?.asset;
  const heads = endpointHeads(now);
  const read = blockReading({ network, coin, tokens, unknownTokens, logger });
  const endpoints = createEndpoints({
    network,
    endpoints: config.rpcUrls.map((url, index) =>
      evmEndpoint(index + 1, createJsonRpc(url, timeoutMs), config.logChunk),
    ),
    verify: (endpoint) => verifyEndpoint(endpoint, { chainId, tokens, heads }),
    logger,
    now,
    random,
  });
  const survey = surveying(now, () =>
    endpoints.survey(async ({ number, rpc }) => heads.saw(number, await headOf(rpc))),
  );

  return {
    network,
    pool: null,
    async head() {
      if (config.rpcUrls.length > 1) survey();
      return endpoints.use('reading the head', async ({ number, rpc }) => {
        const height = await headOf(rpc);
        heads.saw(number, height);
        if (finality === 'confirmations') return { height, finalized: null };
        const finalized = await finalizedOf(rpc);
        // It was asked for later: on a fast chain it may be above by then.
        return { height: finalized > height ? finalized : height, finalized };
      });
    },
    header: (height) =>
      endpoints.use(`reading the header of block ${height}`, async (endpoint) => {
        const block = await blockAt(endpoint.rpc, height, false);
        if (!block) return absent(endpoint, heads, height);
        return { height, hash: block.hash, parentHash: block.parentHash };
      }),
    blocks: (from, to) =>
      endpoints.use(`reading blocks from ${from}`, async (endpoint) => {
        const blocks = await read(endpoint, from, to);
        if (blocks.length === 0 && from <= to) await absent(endpoint, heads, from);
        return blocks;
      }),
    async carriedOut(block, transfers) {
      if (!transfers.some(mayHaveFailed)) return transfers;
      return endpoints.use(`reading receipts of block ${block.height}`, ({ rpc }) =>
        carriedOut(rpc, block, transfers),
      );
    },
  };
}

/** Looks once in a while whether the preferred endpoint still keeps up with the others; nobody waits for it. */
function surveying(now: () => number, survey: () => Promise<void>): () => void {
  let nextAt = -Infinity;
  return () => {
    if (now() < nextAt) return;
    nextAt = now() + SURVEY_EVERY_MS;
    void survey();
  };
}
