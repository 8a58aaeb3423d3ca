import { BlockNotFoundError } from 'viem';
import type { NetworkAsset } from '../../../domain/chain/networks.ts';
import { ChainUnavailable, type Block, type ChainReader } from '../../../usecases/ports/chain-reader.ts';
import { asking, evmClient, type EvmClient } from './evm-rpc.ts';
import { coinTransfers, tokenContracts, tokenTransfers } from './evm-transfers.ts';

export interface EvmReaderConfig {
  readonly network: string;
  /** JSON-RPC over HTTP. May hold the provider's key, so no message tells it. */
  readonly rpcUrl: string;
  /** EIP-155 id that the node must answer with. */
  readonly chainId: number;
  /** What to look for; a deployment names its own contracts for a test chain. */
  readonly assets: readonly NetworkAsset[];
}

/**
 * Reads an EVM network over JSON-RPC with at most three calls a block, however many transfers it holds:
 * eth_getBlockByNumber, eth_getLogs and eth_getBlockReceipts (all common nodes have the latter since 2023).
 * Coin that contracts send on is not seen (see `coinTransfers`); tokens always are.
 *
 * Throws ChainUnavailable when the node does not answer or contradicts itself, and a plain Error when it is of
 * another chain than configured.
 */
export function createEvmReader({ network, rpcUrl, chainId, assets }: EvmReaderConfig): ChainReader {
  const client = evmClient(rpcUrl);
  const tokens = tokenContracts(assets);
  const coin = assets.find((a) => a.contract === null)?.asset;
  const verified = onceSucceeded(() => verifyChainId(client, network, chainId));

  const head = async (): Promise<bigint> => {
    await verified();
    return asking(`${network}: reading the head`, () => client.getBlockNumber());
  };

  return {
    network,
    head,
    async block(height) {
      await verified();
      return asking(`${network}: reading block ${height}`, async () => {
        const found = await blockAt(client, height);
        if (!found) return missing(network, height, await head());
        const [fromCoin, fromTokens] = await Promise.all([
          coin === undefined ? [] : coinTransfers(client, found.hash, found.transactions, coin),
          tokenTransfers(client, found.hash, tokens),
        ]);
        const block: Block = {
          height,
          hash: found.hash,
          parentHash: found.parentHash,
          transfers: [...fromCoin, ...fromTokens],
        };
        return block;
      });
    },
  };
}

async function blockAt(client: EvmClient, height: bigint) {
  try {
    const block = await client.getBlock({ blockNumber: height, includeTransactions: true });
    if (block.number !== height) throw new Error(`the node sent block ${block.number}`);
    return block;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return null;
    throw error;
  }
}

/** A block may be missing above the head only; below it the node is still catching up, or several nodes disagree. */
function missing(network: string, height: bigint, head: bigint): null {
  if (height <= head)
    throw new ChainUnavailable(`${network}: the node has no block ${height} below its head ${head}`);
  return null;
}

async function verifyChainId(client: EvmClient, network: string, chainId: number): Promise<void> {
  const answered = await asking(`${network}: asking for the chain id`, () => client.getChainId());
  if (answered !== chainId) throw new Error(`${network}: the node is of chain ${answered}, not ${chainId}`);
}

/** Runs `work` until it has succeeded once. */
function onceSucceeded(work: () => Promise<void>): () => Promise<void> {
  let done = false;
  return async () => {
    if (done) return;
    await work();
    done = true;
  };
}
