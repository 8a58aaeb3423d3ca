import { getAddress, keccak256, numberToHex, pad, concatHex, parseEther } from 'viem';
import { privateKeyToAddress, generatePrivateKey } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { ChainUnavailable } from '../../src/usecases/ports/chain-reader.ts';
import {
  AccountUsedElsewhere,
  HotWalletShort,
  TransferRefused,
  type SpendSight,
} from '../../src/usecases/ports/chain-spender.ts';
import type { SpendStore } from '../../src/usecases/ports/spend-store.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { revertingWith } from './evm-contracts.ts';
import { faultOf, nodeOf } from './evm-readers.ts';
import { signAndStore, spenderOver, store } from './evm-spenders.ts';
import { startRpcProxy, type RpcProxy } from './rpc-proxy.ts';

let chain: LocalChain;
let node: ReturnType<typeof nodeOf>;
let database: TestDatabase;
let spends: SpendStore;
let spender: Awaited<ReturnType<typeof spenderOver>>;
let proxy: RpcProxy;

beforeAll(async () => {
  [chain, database] = await Promise.all([startLocalChain(), createTestDatabase()]);
  node = nodeOf(chain);
  spends = createSpendStore(database.pool, ids);
  spender = await spenderOver(chain);
  await chain.sendNative(spender.hotAddress, parseEther('100'));
  await chain.sendToken(spender.hotAddress, 100_000_000n);
});
afterAll(async () => {
  await chain.stop();
  await database.drop();
});

beforeEach(async () => {
  proxy = await startRpcProxy(chain.rpcUrl);
});
afterEach(async () => {
  await node.client.setAutomine(true);
  // What a test left in the pool, and what it left open, stands in nobody's way.
  await chain.mine(1);
  await database.pool.query('TRUNCATE spend CASCADE');
  await proxy.down();
});

const stranger = () => privateKeyToAddress(generatePrivateKey());
const coins = (address: string) => node.client.getBalance({ address: getAddress(address) });
const tokens = (address: string) => spender.balance(address, 'USDT');
const minedOf = (sight: SpendSight) => {
  if (sight.kind !== 'MINED') throw new Error(`it is ${sight.kind}`);
  return sight;
};

const isMined = (txId: string) => node.mined(`0x${txId.slice(2)}`);

/** Into the pool. */
async function give(asset: string, to: string, amount: bigint) {
  const made = await signAndStore(spender, spends, { asset, to, amount });
  expect(await spender.broadcast(made.signed.raw)).toBe('taken');
  return made;
}

/** Into a block. */
async function send(asset: string, to: string, amount: bigint) {
  const made = await give(asset, to, amount);
  await isMined(made.signed.txId);
  return made;
}

describe('a payout', () => {
  it('of coin arrives exactly, and what it cost is told exactly', async () => {
    const [to, before] = [stranger(), await coins(spender.hotAddress)];
    const { place, signed } = await send('ETH', to, 123_456_789n);
    expect(await coins(to)).toBe(123_456_789n);
    const sight = minedOf(await spender.look(place, [signed.txId]));
    expect(sight).toMatchObject({ txId: signed.txId, confirmations: 1, succeeded: true });
    expect(before - (await coins(spender.hotAddress))).toBe(123_456_789n + sight.feePaid);
    expect(sight.feePaid).toBeLessThanOrEqual(signed.maxFee);
    await chain.mine(2);
    expect(await spender.look(place, [signed.txId])).toEqual({ ...sight, confirmations: 3 });
  });

  it('of a token arrives exactly', async () => {
    const to = stranger();
    const { place, signed } = await send('USDT', to, 12_345_678n);
    expect(await tokens(to)).toBe(12_345_678n);
    expect(minedOf(await spender.look(place, [signed.txId])).succeeded).toBe(true);
  });

  it('costs at most what was estimated', async () => {
    for (const asset of ['ETH', 'USDT']) {
      const most = await spender.estimate(asset);
      const { place, signed } = await send(asset, stranger(), 1n);
      const { feePaid } = minedOf(await spender.look(place, [signed.txId]));
      expect(feePaid).toBeLessThanOrEqual(most);
    }
  });

  it('that a token turns down has failed, and its fee is told', async () => {
    await node.client.setAutomine(false);
    const to = stranger();
    const { place, signed } = await give('USDT', to, 1_000_000n);
    // The second slot of the token is its map of balances.
    const slot = keccak256(concatHex([pad(getAddress(spender.hotAddress)), numberToHex(1, { size: 32 })]));
    const held = await tokens(spender.hotAddress);
    const put = (value: bigint) =>
      node.client.setStorageAt({
        address: getAddress(chain.usdt),
        index: slot,
        value: numberToHex(value, { size: 32 }),
      });
    await put(0n);
    await chain.mine(1);
    await put(held);
    const sight = minedOf(await spender.look(place, [signed.txId]));
    expect(sight.succeeded).toBe(false);
    expect(sight.feePaid).toBeGreaterThan(0n);
    expect(await tokens(to)).toBe(0n);
  });
});

describe('a place', () => {
  it('carries one transaction', async () => {
    const { place } = await send('ETH', stranger(), 1n);
    const other = { asset: 'ETH', to: stranger(), amount: 2n };
    const again = await spender.sign(other, place);
    expect(await store(spends, other, place, again)).toBe(false);
    expect(await spender.broadcast(again.raw)).toBe('unknown');
    expect(await spender.look(place, [again.txId])).toEqual({ kind: 'FOREIGN' });
    expect(await coins(other.to)).toBe(0n);
  });

  it('is taken by one of ten that ask at once', async () => {
    const transfer = { asset: 'ETH', to: stranger(), amount: 5n };
    const place = await spender.place(transfer, spends);
    const signed = await spender.sign(transfer, place);
    const stored = await Promise.all(
      Array.from({ length: 10 }, () => store(spends, transfer, place, signed)),
    );
    expect(stored.filter(Boolean)).toHaveLength(1);
    expect(await spender.look(place, [signed.txId])).toEqual({ kind: 'UNSEEN' });
    expect(await spender.broadcast(signed.raw)).toBe('taken');
  });

  it('goes to the dearer of two, once', async () => {
    await node.client.setAutomine(false);
    const transfer = { asset: 'ETH', to: stranger(), amount: 7n };
    const { place, signed } = await give('ETH', transfer.to, 7n);
    expect(await spender.look(place, [signed.txId])).toEqual({ kind: 'POOL', txId: signed.txId });
    expect(await spender.outbid(transfer, place, signed)).toBeNull();
    await node.client.setNextBlockBaseFeePerGas({ baseFeePerGas: signed.feeRate * 3n });
    await chain.mine(1);
    const dearer = await spender.outbid(transfer, place, signed);
    if (!dearer) throw new Error('the price did not rise');
    expect(dearer.feeRate).toBeGreaterThan((signed.feeRate * 9n) / 8n);
    expect(await spender.broadcast(dearer.raw)).toBe('taken');
    const both = [signed.txId, dearer.txId];
    expect(await spender.look(place, both)).toEqual({ kind: 'POOL', txId: dearer.txId });
    expect(await spender.broadcast(signed.raw)).toBe('unknown');
    await chain.mine(1);
    expect(await spender.look(place, both)).toMatchObject({ kind: 'MINED', txId: dearer.txId });
    expect(await coins(transfer.to)).toBe(7n);
  });

  it('is not outbid above the configured price', async () => {
    const { place, signed } = await send('ETH', stranger(), 1n);
    const thrifty = await spenderOver(chain, [chain.rpcUrl], { maxFeePerGas: signed.feeRate });
    await node.client.setAutomine(false);
    await node.client.setNextBlockBaseFeePerGas({ baseFeePerGas: (signed.feeRate * 3n) / 4n });
    await chain.mine(1);
    const transfer = { asset: 'ETH', to: stranger(), amount: 1n };
    expect(await thrifty.outbid(transfer, place, signed)).toBeNull();
    await node.client.setNextBlockBaseFeePerGas({ baseFeePerGas: signed.feeRate * 3n });
    await chain.mine(1);
    expect(await thrifty.outbid(transfer, place, signed)).toBeNull();
  });
});

describe('a broadcast', () => {
  it('that is repeated is one payment, before and after it is mined', async () => {
    await node.client.setAutomine(false);
    const to = stranger();
    const { place, signed } = await give('ETH', to, 11n);
    expect(await spender.broadcast(signed.raw)).toBe('taken');
    await chain.mine(1);
    expect(await spender.broadcast(signed.raw)).toBe('unknown');
    expect(await spender.look(place, [signed.txId])).toMatchObject({ kind: 'MINED', txId: signed.txId });
    expect(await coins(to)).toBe(11n);
  });

  it('whose answer is lost may have been taken, and is found', async () => {
    const cut = await spenderOver(chain, [proxy.url]);
    const to = stranger();
    const { place, signed } = await signAndStore(cut, spends, { asset: 'ETH', to, amount: 13n });
    proxy.intercept(async (method, [raw]) => {
      if (method !== 'eth_sendRawTransaction') return undefined;
      await isMined(
        await node.client.sendRawTransaction({ serializedTransaction: `0x${String(raw).slice(2)}` }),
      );
      return { status: 502 };
    });
    expect(await cut.broadcast(signed.raw)).toBe('unknown');
    expect(await cut.look(place, [signed.txId])).toMatchObject({ kind: 'MINED', txId: signed.txId });
    expect(await coins(to)).toBe(13n);
  });

  it('goes to all nodes, and is refused only by all', async () => {
    const refuse = (message: string) =>
      proxy.intercept((method) =>
        Promise.resolve(
          method === 'eth_sendRawTransaction' ? { error: { code: -32_000, message } } : undefined,
        ),
      );
    const [alone, both] = [
      await spenderOver(chain, [proxy.url]),
      await spenderOver(chain, [proxy.url, chain.rpcUrl]),
    ];
    const { signed } = await signAndStore(spender, spends, { asset: 'ETH', to: stranger(), amount: 1n });
    refuse('insufficient funds for gas * price + value');
    expect(await alone.broadcast(signed.raw)).toBe('refused');
    refuse('txpool is full');
    expect(await alone.broadcast(signed.raw)).toBe('unknown');
    refuse('insufficient funds for gas * price + value');
    expect(await both.broadcast(signed.raw)).toBe('taken');
  });
});

describe('what became of a transaction', () => {
  it('is not final while a node that is as far does not know it', async () => {
    const both = await spenderOver(chain, [chain.rpcUrl, proxy.url]);
    const { place, signed } = await send('ETH', stranger(), 1n);
    await chain.mine(5);
    expect(await both.look(place, [signed.txId])).toMatchObject({ kind: 'MINED', confirmations: 6 });
    proxy.rewrite((method, result) => (/^eth_getTransaction(Receipt|ByHash)$/.test(method) ? null : result));
    expect(await both.look(place, [signed.txId])).toMatchObject({ kind: 'MINED', confirmations: 1 });
    await proxy.down();
    expect(await both.look(place, [signed.txId])).toMatchObject({ kind: 'MINED', confirmations: 6 });
  });

  it('is final when the node says so, where that decides', async () => {
    const { place, signed } = await send('ETH', stranger(), 1n);
    await chain.mine(3);
    const asking = await spenderOver(chain, [proxy.url, chain.rpcUrl], { finality: 'finalized' });
    const { height } = minedOf(await spender.look(place, [signed.txId]));
    const say = (finalized: bigint) =>
      proxy.rewrite((method, result, [block]) =>
        method === 'eth_getBlockByNumber' && block === 'finalized'
          ? { number: `0x${finalized.toString(16)}` }
          : result,
      );
    say(height - 1n);
    expect(await asking.look(place, [signed.txId])).toMatchObject({ confirmations: 4, isFinal: false });
    say(height);
    const alone = await spenderOver(chain, [proxy.url], { finality: 'finalized' });
    expect(await alone.look(place, [signed.txId])).toMatchObject({ isFinal: true });
    expect(await spender.look(place, [signed.txId])).not.toHaveProperty('isFinal');
  });

  it('is not guessed when no node answers', async () => {
    const cut = await spenderOver(chain, [proxy.url]);
    const { place, signed } = await send('ETH', stranger(), 1n);
    await proxy.down();
    expect(await faultOf(cut.look(place, [signed.txId]))).toBeInstanceOf(ChainUnavailable);
    expect(await cut.broadcast(signed.raw)).toBe('unknown');
  });
});

describe('nothing is signed', () => {
  it('that the hot wallet cannot cover', async () => {
    const short = async (asset: string, amount: bigint) => {
      const fault = await faultOf(spender.place({ asset, to: stranger(), amount }, spends));
      return fault instanceof HotWalletShort ? fault.asset : fault;
    };
    expect(await short('USDT', 1_000_000_000n)).toBe('USDT');
    expect(await short('ETH', parseEther('1000'))).toBe('ETH');
    // All of it leaves nothing for the fee.
    expect(await short('ETH', await coins(spender.hotAddress))).toBe('ETH');
  });

  it('that what is signed already takes away, though no node has it', async () => {
    const held = await tokens(spender.hotAddress);
    const transfer = { asset: 'USDT', to: stranger(), amount: held / 2n + 1n };
    const { place, signed } = await signAndStore(spender, spends, transfer);
    expect(await faultOf(spender.place(transfer, spends))).toBeInstanceOf(HotWalletShort);
    expect(await spender.place({ ...transfer, amount: held / 4n }, spends)).toMatchObject({ family: 'EVM' });
    expect(await spender.broadcast(signed.raw)).toBe('taken');
    await isMined(signed.txId);
    // Mined and not final: the balance shows it, so it does not count twice.
    const rest = { ...transfer, amount: held - transfer.amount };
    expect(await spender.place(rest, spends)).not.toEqual(place);
  });

  it('that the chain would not carry out', async () => {
    // Code that takes back whatever is sent to it.
    const wall = await node.deploy('0x6460006000fd6000526005601bf3');
    const transfer = { asset: 'ETH', to: wall, amount: 1n };
    expect(await faultOf(spender.place(transfer, spends))).toBeInstanceOf(TransferRefused);
  });

  it('for a receiver whose code speaks as a node does, and the node is not left alone for it', async () => {
    for (const words of ['rate limit', 'quota', 'block not found']) {
      const liar = await node.deploy(revertingWith(words));
      const refused = await faultOf(spender.place({ asset: 'ETH', to: liar, amount: 1n }, spends));
      expect(refused).toMatchObject({ name: 'TransferRefused', word: 'NOW' });
    }
    expect(await spender.place({ asset: 'ETH', to: stranger(), amount: 1n }, spends)).toMatchObject({
      family: 'EVM',
    });
  });

  it('while the nodes lack transactions that ended here: it would wait behind a gap', async () => {
    const transfer = { asset: 'ETH', to: stranger(), amount: 1n };
    await send('ETH', transfer.to, 1n);
    const honest = await spender.place(transfer, spends);
    await database.pool.query('UPDATE account_nonce SET next = next + 1');
    // The one before is open, and does not fill it.
    expect(await faultOf(spender.place(transfer, spends))).toMatchObject({ reason: 'TRANSACTIONS_MISSING' });
    await database.pool.query('UPDATE account_nonce SET next = next - 1');
    expect(await spender.place(transfer, spends)).toEqual(honest);
  });

  it('whose receiver burns gas, which the gateway would pay', async () => {
    // Code that goes round for ever.
    const furnace = await node.deploy('0x635b6000566000526004601cf3');
    const transfer = { asset: 'ETH', to: furnace, amount: 1n };
    expect(await faultOf(spender.place(transfer, spends))).toMatchObject({
      name: 'TransferRefused',
      word: 'NOW',
    });
    const thrifty = await spenderOver(chain, [chain.rpcUrl], { maxGas: { coin: 21_000n, token: 30_000n } });
    const token = { asset: 'USDT', to: stranger(), amount: 1n };
    expect(await faultOf(thrifty.place(token, spends))).toBeInstanceOf(TransferRefused);
    expect(await thrifty.place({ ...token, asset: 'ETH' }, spends)).toMatchObject({ family: 'EVM' });
  });

  it('by the word of one node, nor is it refused by that', async () => {
    const [alone, both] = [
      await spenderOver(chain, [proxy.url]),
      await spenderOver(chain, [proxy.url, chain.rpcUrl]),
    ];
    const say = (message: string) =>
      proxy.intercept((method) =>
        Promise.resolve(method === 'eth_estimateGas' ? { error: { code: -32_000, message } } : undefined),
      );
    const wordOn = async (asset: string) =>
      await faultOf(alone.place({ asset, to: stranger(), amount: 1n }, spends));
    say('execution reverted');
    expect(await wordOn('ETH')).toMatchObject({ name: 'TransferRefused', word: 'NOW' });
    // As if the token were paused: it lets nothing go to anybody.
    expect(await wordOn('USDT')).toMatchObject({ name: 'TransferRefused', word: 'DOUBTED' });
    for (const message of ['execution aborted (timeout = 5s)', 'insufficient funds for transfer']) {
      say(message);
      expect(await wordOn('ETH')).toMatchObject({ name: 'TransferRefused', word: 'DOUBTED' });
    }
    say('execution reverted');
    const made = await both.place({ asset: 'ETH', to: stranger(), amount: 1n }, spends);
    expect(made).toMatchObject({ family: 'EVM' });
  });

  it('at a nonce that one node makes up', async () => {
    const transfer = { asset: 'ETH', to: stranger(), amount: 1n };
    await send('ETH', transfer.to, 1n);
    const [alone, both] = [
      await spenderOver(chain, [proxy.url]),
      await spenderOver(chain, [proxy.url, chain.rpcUrl]),
    ];
    const honest = await spender.place(transfer, spends);
    proxy.rewrite((method, result) => (method === 'eth_getTransactionCount' ? '0xffff' : result));
    expect(await both.place(transfer, spends)).toEqual(honest);
    expect(await faultOf(alone.place(transfer, spends))).toBeInstanceOf(AccountUsedElsewhere);
    await database.pool.query('TRUNCATE account_nonce');
    expect(await faultOf(both.place(transfer, spends))).toBeInstanceOf(ChainUnavailable);
    expect((await database.pool.query('SELECT FROM account_nonce')).rows).toEqual([]);
    expect(await spender.place(transfer, spends)).toEqual(honest);
  });

  it('above the configured price of gas', async () => {
    const thrifty = await spenderOver(chain, [chain.rpcUrl], { maxFeePerGas: 1n });
    const transfer = { asset: 'ETH', to: stranger(), amount: 1n };
    expect(await faultOf(thrifty.place(transfer, spends))).toBeInstanceOf(ChainUnavailable);
  });

  it('with the key of another address', async () => {
    const transfer = { asset: 'ETH', to: stranger(), amount: 1n };
    const place = { family: 'EVM', from: spender.hotAddress, path: '0/0', nonce: 0n } as const;
    expect((await faultOf(spender.sign(transfer, place))).message).toMatch(/is not that of/);
  });
});
