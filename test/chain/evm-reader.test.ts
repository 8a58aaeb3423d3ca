import { concatHex, encodeFunctionData, getAddress, numberToHex, parseAbi } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { ChainUnavailable, type ChainReader } from '../../src/usecases/ports/chain-reader.ts';
import { createReader } from '../../src/server/compose/chain-readers.ts';
import { callAll, logEmitter, TRANSFER_TOPIC, transferLog, word } from './evm-contracts.ts';
import {
  allBlocks,
  blockByBlock,
  faultOf,
  headBlock,
  keptLog,
  nodeOf,
  PAYEE,
  readerOver,
} from './evm-readers.ts';
import { startRpcProxy, type RpcProxy } from './rpc-proxy.ts';

const TOKEN = parseAbi(['function mint(address to, uint256 value)']);

let chain: LocalChain;
let node: ReturnType<typeof nodeOf>;
let proxy: RpcProxy;
let reader: ChainReader;

beforeAll(async () => {
  chain = await startLocalChain();
  node = nodeOf(chain);
});
afterAll(() => chain.stop());

beforeEach(async () => {
  proxy = await startRpcProxy(chain.rpcUrl);
  reader = readerOver(chain, [proxy.url]);
});
afterEach(() => proxy.down());

const mint = (to: string, value: bigint) => ({
  to: getAddress(chain.usdt),
  data: encodeFunctionData({ abi: TOKEN, functionName: 'mint', args: [getAddress(to), value] }),
});

describe('what a block holds', () => {
  it('shows a transfer of the coin, and when the block was made', async () => {
    const txId = await chain.sendNative(PAYEE.toLowerCase(), 5n);
    const block = await headBlock(reader);
    expect(block.transfers).toEqual([
      { txId, outputIndex: -1, to: PAYEE, asset: 'ETH', contract: null, amount: 5n },
    ]);
    const { timestamp } = await node.client.getBlock();
    expect(block.minedAt).toEqual(new Date(Number(timestamp) * 1_000));
  });

  it('shows a transfer of a known token, by its log', async () => {
    const txId = await chain.sendToken(PAYEE, 12_500_000n);
    expect((await headBlock(reader)).transfers).toEqual([
      { txId, outputIndex: 0, to: PAYEE, asset: 'USDT', contract: chain.usdt, amount: 12_500_000n },
    ]);
  });

  it('knows a token transfer again when it was mined at another place in a block', async () => {
    const [first, second] = [await chain.sendToken(PAYEE, 1n), await chain.sendToken(PAYEE, 2n)];
    const [before] = (await headBlock(reader)).transfers;
    // Both in one block: the log of the second becomes the block's second.
    await chain.reorg(2, [
      { txId: first, block: 0 },
      { txId: second, block: 0 },
    ]);
    const { height } = await reader.head();
    const [after] = await reader.blocks(height - 1n, height - 1n);
    expect(after?.transfers).toHaveLength(2);
    expect(after?.transfers.find((t) => t.txId === second)).toEqual(before);
  });

  it('shows a transfer of a token that nobody named without an asset, or not at all, as configured', async () => {
    const stranger = await node.deploy(logEmitter(3, 6));
    const { transactionHash: txId } = await node.send(stranger, transferLog(PAYEE, 2n ** 256n - 1n));
    expect((await headBlock(reader)).transfers).toEqual([
      {
        txId,
        outputIndex: 0,
        to: PAYEE,
        asset: null,
        contract: getAddress(stranger),
        amount: 2n ** 256n - 1n,
      },
    ]);
    const without = readerOver(chain, [proxy.url], { unknownTokens: false });
    expect((await headBlock(without)).transfers).toEqual([]);
  });

  it('numbers the transfers of known tokens, and those of each unknown one, by themselves', async () => {
    const [one, other] = [await node.deploy(logEmitter(3, 6)), await node.deploy(logEmitter(3, 6))];
    const { status } = await node.send(
      null,
      callAll([
        { to: one, data: transferLog(PAYEE, 1n) },
        mint(PAYEE, 3n),
        { to: other, data: transferLog(PAYEE, 1n) },
        { to: one, data: transferLog(PAYEE, 2n) },
        mint(PAYEE, 0n),
        mint(PAYEE, 4n),
      ]),
    );
    expect(status).toBe('success');
    const shown = async (from: ChainReader) =>
      (await headBlock(from)).transfers.map((t) => `${t.asset ?? t.contract} ${t.outputIndex} ${t.amount}`);
    expect(await shown(reader)).toEqual([
      `${getAddress(one)} 0 1`,
      'USDT 0 3',
      `${getAddress(other)} 0 1`,
      `${getAddress(one)} 1 2`,
      'USDT 2 4',
    ]);
    const without = readerOver(chain, [proxy.url], { unknownTokens: false });
    expect(await shown(without)).toEqual(['USDT 0 3', 'USDT 2 4']);
  });

  it('leaves out what only looks like a transfer', async () => {
    const [fungible, collectible] = [
      await node.deploy(logEmitter(3, 6)),
      await node.deploy(logEmitter(4, 0)),
    ];
    const topics = [TRANSFER_TOPIC, word(PAYEE), word(PAYEE)] as const;
    const dirty = numberToHex(2n ** 200n, { size: 32 });
    await node.send(
      null,
      callAll([
        { to: collectible, data: concatHex([...topics, numberToHex(7n, { size: 32 })]) },
        { to: fungible, data: concatHex([...topics, '0x01']) },
        { to: fungible, data: concatHex([...topics]) },
        { to: fungible, data: concatHex([...topics, numberToHex(7n, { size: 32 }), '0x00']) },
        {
          to: fungible,
          data: concatHex([TRANSFER_TOPIC, word(PAYEE), dirty, numberToHex(7n, { size: 32 })]),
        },
        { to: fungible, data: concatHex([numberToHex(1n, { size: 32 }), word(PAYEE), word(PAYEE), dirty]) },
        { to: fungible, data: transferLog(PAYEE, 0n) },
        { to: fungible, data: transferLog(PAYEE, 9n) },
      ]),
    );
    const block = await headBlock(reader);
    expect(block.transfers.map((t) => [t.contract, t.outputIndex, t.amount])).toEqual([
      [getAddress(fungible), 1, 9n],
    ]);
  });

  it('counts a token in the unit of its currency, rounded down', async () => {
    const bigUnits = await node.deploy(logEmitter(3, 18));
    const assets = [{ asset: 'USDT', contract: bigUnits, decimals: 18 }] as const;
    const fine = readerOver(chain, [proxy.url], { assets });
    const unit = 10n ** 12n;
    const amounts = [7n * unit, 8n * unit - 1n, unit - 1n, unit];
    await node.send(
      null,
      callAll(amounts.map((amount) => ({ to: bigUnits, data: transferLog(PAYEE, amount) }))),
    );
    const { transfers } = await headBlock(fine);
    expect(transfers.map((t) => [t.outputIndex, t.amount])).toEqual([
      [0, 7n],
      [1, 7n],
      [3, 1n],
    ]);
    expect(transfers.every((t) => t.asset === 'USDT')).toBe(true);
  });

  it.each([
    ['counts in other units than configured', 18, 'the contract of USDT has 18 decimals, not 6'],
    ['is none', null, 'the contract of USDT is no token there'],
  ])('refuses a network whose token %s', async (_name, decimals, words) => {
    const contract = decimals === null ? PAYEE : await node.deploy(logEmitter(3, decimals));
    const wrong = readerOver(chain, [proxy.url], { assets: [{ asset: 'USDT', contract }] });
    const fault = await faultOf(wrong.head());
    expect(fault).not.toBeInstanceOf(ChainUnavailable);
    expect(fault.message).toBe(`ETHEREUM: reading the head failed: ${words}`);
  });
});

it('is read as the configuration says, with its own contracts and their decimals', async () => {
  const bigUnits = await node.deploy(logEmitter(3, 18));
  const settings = { network: 'BSC', rpcUrls: [proxy.url], xpub: chain.xpub, chainId: chain.chainId };
  const contracts = { USDT: bigUnits, USDC: { address: chain.usdt, decimals: 6 } };
  const configured = createReader({ ...settings, contracts }, keptLog());
  await node.send(bigUnits, transferLog(PAYEE, 3n * 10n ** 18n));
  expect((await headBlock(configured)).transfers.map((t) => [t.asset, t.amount])).toEqual([
    ['USDT', 3_000_000n],
  ]);
  await chain.sendToken(PAYEE, 5n);
  expect((await headBlock(configured)).transfers.map((t) => [t.asset, t.amount])).toEqual([['USDC', 5n]]);
  // BNB is no currency of the gateway.
  await chain.sendNative(PAYEE, 5n);
  expect((await headBlock(configured)).transfers).toEqual([]);
});

describe('which transfers were carried out', () => {
  it('are those of transactions that did not fail', async () => {
    const { client, sender } = node;
    await client.setAutomine(false);
    const send = async (to: string) =>
      client.sendTransaction({ ...(await sender()), to: getAddress(to), value: 7n, gas: 100_000n });
    // The token refuses coin.
    const [kept, failed] = [await send(PAYEE), await send(chain.usdt)];
    const token = await client.sendTransaction({ ...(await sender()), ...mint(PAYEE, 3n), gas: 100_000n });
    await chain.mine(1);
    await client.setAutomine(true);
    const block = await headBlock(reader);
    expect(block.transfers.map(({ txId }) => txId)).toEqual([kept, failed, token]);
    proxy.calls.length = 0;
    const done = await reader.carriedOut(block, block.transfers);
    expect(done.map(({ txId }) => txId)).toEqual([kept, token]);
    expect(proxy.calls).toEqual(['eth_getTransactionReceipt', 'eth_getTransactionReceipt']);
  });

  it('costs one call however many there are, and one each where nodes do not have that call', async () => {
    const { client, sender } = node;
    await client.setAutomine(false);
    for (let i = 0; i < 30; i++) {
      await client.sendTransaction({ ...(await sender()), to: PAYEE, value: 1n, gas: 21_000n });
    }
    await chain.mine(1);
    await client.setAutomine(true);
    const block = await headBlock(reader);
    expect(block.transfers).toHaveLength(30);
    proxy.calls.length = 0;
    expect(await reader.carriedOut(block, block.transfers)).toEqual(block.transfers);
    expect(proxy.calls).toEqual(['eth_getBlockReceipts']);

    proxy.intercept(async (method) =>
      method === 'eth_getBlockReceipts'
        ? { error: { code: -32_601, message: 'method not found' } }
        : undefined,
    );
    proxy.calls.length = 0;
    expect(await reader.carriedOut(block, block.transfers)).toEqual(block.transfers);
    expect(proxy.calls).toHaveLength(31);
  });

  it('is not told from receipts of another block', async () => {
    const txId = await chain.sendNative(PAYEE, 1n);
    const block = await headBlock(reader);
    await chain.reorg(1, [{ txId, block: 0 }]);
    expect((await headBlock(reader)).hash).not.toBe(block.hash);
    expect(await faultOf(reader.carriedOut(block, block.transfers))).toBeInstanceOf(ChainUnavailable);
    await chain.reorg(1);
    expect(await faultOf(reader.carriedOut(block, block.transfers))).toBeInstanceOf(ChainUnavailable);
    proxy.calls.length = 0;
    expect(await reader.carriedOut(block, [])).toEqual([]);
    expect(proxy.calls).toEqual([]);
  });
});

describe('a stretch of the chain', () => {
  it('is the same at once and block by block', async () => {
    const { height: before } = await reader.head();
    const stranger = await node.deploy(logEmitter(3, 6));
    for (let i = 0n; i < 12n; i++) {
      await chain.mine(15);
      await chain.sendToken(PAYEE, i + 1n);
      await chain.sendNative(PAYEE, i + 1n);
      if (i % 3n === 0n) await node.send(stranger, transferLog(PAYEE, i + 1n));
    }
    const { height } = await reader.head();
    expect(height - before).toBeGreaterThan(200n);
    proxy.calls.length = 0;
    const atOnce = await allBlocks(reader, before, height);
    const logCalls = proxy.calls.filter((method) => method === 'eth_getLogs').length;
    const single = await blockByBlock(reader, before, height);
    expect(atOnce).toEqual(single);
    expect(atOnce.flatMap((block) => block.transfers)).toHaveLength(28);
    // One for each 64 blocks, and one for each block with coin transfers alone, whose filter is empty.
    expect(logCalls).toBeLessThanOrEqual(4 + 13);
    for (const [index, block] of atOnce.entries()) {
      if (index > 0) expect(block.parentHash).toBe(atOnce[index - 1]?.hash);
    }
  });

  it('ends at the head, and is at most so long', async () => {
    await chain.mine(70);
    const { height } = await reader.head();
    expect(await reader.blocks(height - 69n, height)).toHaveLength(64);
    expect((await reader.blocks(height - 1n, height + 5n)).map((b) => b.height)).toEqual([
      height - 1n,
      height,
    ]);
    expect(await reader.blocks(height + 1n, height + 5n)).toEqual([]);
    expect(await reader.blocks(height, height - 1n)).toEqual([]);
    expect(await reader.header(height + 1n)).toBeNull();
    const [top] = await reader.blocks(height, height);
    expect(await reader.header(height)).toEqual({ height, hash: top?.hash, parentHash: top?.parentHash });
  });
});

describe('what is final', () => {
  it('is told by the node where the network asks it', async () => {
    await chain.mine(80);
    const { number } = await node.client.getBlock({ blockTag: 'finalized' });
    const asking = readerOver(chain, [proxy.url], { finality: 'finalized' });
    const { height, finalized } = await asking.head();
    expect(finalized).toBe(number);
    expect(number).toBeGreaterThan(0n);
    expect(height).toBeGreaterThan(number);
    expect((await reader.head()).finalized).toBeNull();
  });

  it.each([
    ['null', { result: null }],
    ['an error', { error: { code: -39_001, message: 'finalized block not found' } }],
    ['a refusal', { error: { code: -32_602, message: 'invalid block tag' } }],
  ])('needs a node that knows it: %s', async (_name, answer) => {
    proxy.intercept(async (_method, [block]) => (block === 'finalized' ? answer : undefined));
    const fault = await faultOf(readerOver(chain, [proxy.url], { finality: 'finalized' }).head());
    expect(fault).not.toBeInstanceOf(ChainUnavailable);
    expect(fault.message).toContain('it knows no finalized block; let confirmations decide (finality)');
  });
});
