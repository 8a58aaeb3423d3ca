import {
  createTestClient,
  encodeFunctionData,
  getAddress,
  http,
  parseAbi,
  publicActions,
  walletActions,
  type Hex,
} from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEvmReader } from '../../src/adapters/chain/evm/evm-reader.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import tether from '../../src/demo/local-chain/demo-tether.json' with { type: 'json' };
import type { Block, ChainReader } from '../../src/usecases/ports/chain-reader.ts';
import { ChainUnavailable } from '../../src/usecases/ports/chain-reader.ts';
import { startRpcProxy, type RpcProxy } from './rpc-proxy.ts';

const PAYEE = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const TOKEN = parseAbi(['function mint(address to, uint256 value)']);

let chain: LocalChain;
let proxy: RpcProxy;
let reader: ChainReader;

beforeAll(async () => {
  chain = await startLocalChain();
});
afterAll(() => chain.stop());

beforeEach(async () => {
  proxy = await startRpcProxy(chain.rpcUrl);
  reader = readerOf(proxy.url);
});
afterEach(() => proxy.down());

const readerOf = (rpcUrl: string, chainId = chain.chainId): ChainReader =>
  createEvmReader({
    network: 'ETHEREUM',
    rpcUrl,
    chainId,
    assets: [
      { asset: 'ETH', contract: null },
      { asset: 'USDT', contract: chain.usdt.toLowerCase() },
    ],
  });

const nodeClient = () =>
  createTestClient({ mode: 'anvil', transport: http(chain.rpcUrl), pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions);

async function sender() {
  const [account] = await nodeClient().getAddresses();
  if (!account) throw new Error('no account');
  return { account, chain: null };
}

async function headBlock(): Promise<Block> {
  const block = await reader.block(await reader.head());
  if (!block) throw new Error('no block at the head');
  return block;
}

/** Code of a creation that calls the token's `mint` twice with the arguments behind the code, and deploys nothing. */
function mintTwice(token: string): Hex {
  const call = `6000600060446000600073${token.slice(2)}5af150`;
  const copyArguments = '6044604c600039';
  const args = encodeFunctionData({ abi: TOKEN, functionName: 'mint', args: [PAYEE, 3n] });
  return `0x${copyArguments}${call}${call}00${args.slice(2)}`;
}

const faultOf = async (work: Promise<unknown>): Promise<Error> => {
  const fault: unknown = await work.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  return fault instanceof Error ? fault : new Error(String(fault));
};

describe('what a block holds', () => {
  it('shows a transfer of the coin', async () => {
    const txId = await chain.sendNative(PAYEE.toLowerCase(), 5n);
    const block = await headBlock();
    expect(block.transfers).toEqual([{ txId, outputIndex: -1, to: PAYEE, asset: 'ETH', amount: 5n }]);
  });

  it('shows a transfer of a known token, by its log', async () => {
    const txId = await chain.sendToken(PAYEE, 12_500_000n);
    const block = await headBlock();
    expect(block.transfers).toEqual([
      { txId, outputIndex: 0, to: PAYEE, asset: 'USDT', amount: 12_500_000n },
    ]);
  });

  it('counts the transfers of a token within their transaction', async () => {
    const client = nodeClient();
    await chain.sendToken(PAYEE, 1n);
    const data = mintTwice(chain.usdt);
    // Estimated gas would do for one call only: the creation succeeds without the other.
    const hash = await client.sendTransaction({ ...(await sender()), data, gas: 500_000n });
    const { status, blockNumber } = await client.waitForTransactionReceipt({ hash });
    expect(status).toBe('success');
    const inOneTransaction = [0, 1].map((outputIndex) => ({ txId: hash, outputIndex, asset: 'USDT' }));
    expect((await reader.block(blockNumber))?.transfers).toMatchObject(inOneTransaction);
  });

  it('knows a token transfer again when it was mined at another place in a block', async () => {
    const [first, second] = [await chain.sendToken(PAYEE, 1n), await chain.sendToken(PAYEE, 2n)];
    const [before] = (await headBlock()).transfers;
    // Both in one block: the log of the second becomes the block's second.
    await chain.reorg(2, [
      { txId: first, block: 0 },
      { txId: second, block: 0 },
    ]);
    const after = (await reader.block((await reader.head()) - 1n))?.transfers;
    expect(after).toHaveLength(2);
    expect(after?.find((t) => t.txId === second)).toEqual(before);
  });

  it('chains the blocks by their hashes', async () => {
    await chain.mine(2);
    const top = await headBlock();
    const below = await reader.block(top.height - 1n);
    expect(top.parentHash).toBe(below?.hash);
    expect(top.transfers).toEqual([]);
  });

  it('ignores a transaction that failed', async () => {
    const client = nodeClient();
    // The token refuses coin, and the gas is given so that nobody tries it first.
    const to = getAddress(chain.usdt);
    const hash = await client.sendTransaction({ ...(await sender()), to, value: 7n, gas: 100_000n });
    const receipt = await client.waitForTransactionReceipt({ hash });
    expect(receipt.status).toBe('reverted');
    expect((await reader.block(receipt.blockNumber))?.transfers).toEqual([]);
  });

  it('ignores the transfers of a contract that nobody named, though they look the same', async () => {
    const client = nodeClient();
    const bytecode = `0x${tether.bytecode.slice(2)}` as const;
    const deployed = await client.deployContract({ ...(await sender()), abi: TOKEN, bytecode });
    const { contractAddress } = await client.waitForTransactionReceipt({ hash: deployed });
    if (!contractAddress) throw new Error('not deployed');
    const minted = await client.writeContract({
      ...(await sender()),
      address: contractAddress,
      abi: TOKEN,
      functionName: 'mint',
      args: [PAYEE, 9_000_000n],
    });
    const receipt = await client.waitForTransactionReceipt({ hash: minted });
    expect(receipt.logs).toHaveLength(1);
    expect((await reader.block(receipt.blockNumber))?.transfers).toEqual([]);
  });
});

describe('what it asks the node', () => {
  it('is the same number of calls for many transfers, and none for receipts when no coin moved', async () => {
    await chain.mine(1);
    await headBlock();
    const idle = proxy.calls.splice(0);
    expect(idle).toEqual(['eth_chainId', 'eth_blockNumber', 'eth_getBlockByNumber', 'eth_getLogs']);

    const client = nodeClient();
    await client.setAutomine(false);
    for (let i = 0; i < 30; i++) {
      await client.sendTransaction({ ...(await sender()), to: PAYEE, value: 1n, gas: 21_000n });
    }
    await client.setAutomine(true);
    await chain.mine(1);
    await expect.poll(async () => (await busiestBlock()).transfers.length).toBe(30);

    const { height } = await busiestBlock();
    proxy.calls.length = 0;
    await reader.block(height);
    expect(proxy.calls.toSorted()).toEqual(['eth_getBlockByNumber', 'eth_getBlockReceipts', 'eth_getLogs']);
  });

  /** The fullest of the last three blocks. */
  async function busiestBlock(): Promise<Block> {
    const head = await reader.head();
    const blocks = await Promise.all([head, head - 1n, head - 2n].map((height) => reader.block(height)));
    const [first] = blocks
      .filter((b) => b !== null)
      .toSorted((a, b) => b.transfers.length - a.transfers.length);
    if (!first) throw new Error('no blocks');
    return first;
  }
});

describe('when the node is not to be trusted', () => {
  it('gives null above the head only', async () => {
    const head = await reader.head();
    expect(await reader.block(head + 1n)).toBeNull();
    proxy.intercept(async (method) => (method === 'eth_getBlockByNumber' ? { result: null } : undefined));
    expect(await faultOf(reader.block(head))).toBeInstanceOf(ChainUnavailable);
  });

  it('throws ChainUnavailable with the cause, and without the address, when nobody answers', async () => {
    await proxy.down();
    for (const fault of [await faultOf(reader.head()), await faultOf(reader.block(1n))]) {
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.cause).toBeInstanceOf(Error);
      expect(`${fault.message} ${String(fault.cause)}`).not.toContain(new URL(proxy.url).port);
    }
  });

  it('throws ChainUnavailable when the block is replaced between two questions', async () => {
    await chain.sendNative(PAYEE, 1n);
    const head = await reader.head();
    proxy.intercept(async (method) => {
      if (method === 'eth_getBlockReceipts') await chain.reorg(1);
      return undefined;
    });
    expect(await faultOf(reader.block(head))).toBeInstanceOf(ChainUnavailable);
    proxy.intercept(async () => undefined);
    expect((await reader.block(head))?.transfers).toEqual([]);
  });

  it('throws a plain Error for a node of another chain, every time', async () => {
    const other = readerOf(proxy.url, 1);
    for (const fault of [await faultOf(other.head()), await faultOf(other.block(1n))]) {
      expect(fault).not.toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toBe('ETHEREUM: the node is of chain 31337, not 1');
    }
  });
});
