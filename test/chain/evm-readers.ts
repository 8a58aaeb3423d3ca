import { createTestClient, http, publicActions, walletActions, type Hex } from 'viem';
import {
  createEvmReader,
  type EvmReaderConfig,
  type EvmReaderTiming,
} from '../../src/adapters/chain/evm/evm-reader.ts';
import type { LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import type { Block, ChainReader } from '../../src/usecases/ports/chain-reader.ts';
import type { Logger } from '../../src/usecases/ports/logger.ts';
import type { ShopChain } from './watched-shop.ts';

/** Anvil's second account. */
export const PAYEE = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: object;
}

/** A logger that keeps its lines. */
export function keptLog(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields });
  return { lines, info: log('info'), warn: log('warn'), error: log('error') };
}

/** Monotonic time that passes when told to. */
export function handMovedTime() {
  let milliseconds = 1_000;
  return {
    now: () => milliseconds,
    pass: (more: number) => {
      milliseconds += more;
    },
  };
}

export function readerOver(
  chain: LocalChain,
  rpcUrls: readonly string[],
  options: Partial<EvmReaderConfig> = {},
  timing: Partial<EvmReaderTiming> = {},
): ChainReader {
  return createEvmReader(
    {
      network: 'ETHEREUM',
      rpcUrls,
      chainId: chain.chainId,
      assets: [
        { asset: 'ETH', contract: null },
        { asset: 'USDT', contract: chain.usdt.toLowerCase() },
      ],
      finality: 'confirmations',
      unknownTokens: true,
      logChunk: 64,
      logger: keptLog(),
      ...options,
    },
    timing,
  );
}

/** All blocks of a stretch, however few the reader gives at once. */
export async function allBlocks(reader: ChainReader, from: bigint, to: bigint): Promise<Block[]> {
  const blocks: Block[] = [];
  while (from + BigInt(blocks.length) <= to) {
    const more = await reader.blocks(from + BigInt(blocks.length), to);
    if (more.length === 0) throw new Error('the chain is shorter');
    blocks.push(...more);
  }
  return blocks;
}

export async function blockByBlock(reader: ChainReader, from: bigint, to: bigint): Promise<Block[]> {
  const blocks: Block[] = [];
  for (let height = from; height <= to; height++) blocks.push(...(await reader.blocks(height, height)));
  return blocks;
}

export async function headBlock(reader: ChainReader): Promise<Block> {
  const { height } = await reader.head();
  const [block] = await reader.blocks(height, height);
  if (!block) throw new Error('no block at the head');
  return block;
}

export const faultOf = async (work: Promise<unknown>): Promise<Error> => {
  const fault: unknown = await work.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  return fault instanceof Error ? fault : new Error(String(fault));
};

/** The node itself, to make transactions that `LocalChain` has no verb for. */
export function nodeOf(chain: LocalChain) {
  const client = createTestClient({ mode: 'anvil', transport: http(chain.rpcUrl), pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions);
  const sender = async () => {
    const [account] = await client.getAddresses();
    if (!account) throw new Error('no account');
    return { account, chain: null };
  };
  const mined = async (hash: Hex) => client.waitForTransactionReceipt({ hash });
  return {
    client,
    sender,
    mined,
    /** Sends data to a contract with enough gas that nobody tries it first. */
    send: async (to: string | null, data: Hex, value = 0n) =>
      mined(
        await client.sendTransaction({
          ...(await sender()),
          ...(to === null ? {} : { to: `0x${to.slice(2)}` as const }),
          data,
          value,
          gas: 5_000_000n,
        }),
      ),
    async deploy(code: Hex): Promise<string> {
      const { contractAddress } = await this.send(null, code);
      if (!contractAddress) throw new Error('not deployed');
      return contractAddress;
    },
  };
}

/** What `openShop` needs of a local chain. */
export const shopOn = (chain: LocalChain): ShopChain => ({
  xpub: chain.xpub,
  reader: (rpcUrl = chain.rpcUrl) => readerOver(chain, [rpcUrl]),
});
