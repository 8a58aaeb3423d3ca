import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EvmReaderConfig } from '../../src/adapters/chain/evm/evm-reader.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { ChainUnavailable, type ChainReader } from '../../src/usecases/ports/chain-reader.ts';
import { blockByBlock, faultOf, handMovedTime, keptLog, PAYEE, readerOver } from './evm-readers.ts';
import { startRpcProxy, type OwnAnswer, type RpcProxy } from './rpc-proxy.ts';

const WAIT = { timeout: 15_000, interval: 20 };
const MINUTE = 60_000;

let chain: LocalChain;
let first: RpcProxy;
let second: RpcProxy;
let time: ReturnType<typeof handMovedTime>;
let logger: ReturnType<typeof keptLog>;
let reader: ChainReader;

beforeAll(async () => {
  chain = await startLocalChain();
  await chain.mine(30);
  await chain.sendToken(PAYEE, 5n);
  await chain.sendNative(PAYEE, 5n);
});
afterAll(() => chain.stop());

beforeEach(async () => {
  [first, second] = await Promise.all([startRpcProxy(chain.rpcUrl), startRpcProxy(chain.rpcUrl)]);
  time = handMovedTime();
  logger = keptLog();
  reader = over([first, second]);
});
afterEach(() => Promise.all([first.down(), second.down()]));

const over = (proxies: readonly RpcProxy[], options: Partial<EvmReaderConfig> = {}) =>
  readerOver(
    chain,
    proxies.map((proxy) => proxy.url),
    { logger, ...options },
    { now: time.now, random: () => 0 },
  );

/** Reads once, so that both nodes were looked at, and forgets the calls. */
async function settled(): Promise<void> {
  await reader.head();
  await expect.poll(() => second.calls.at(-1), WAIT).toBe('eth_blockNumber');
  await expect.poll(() => second.calls.length, WAIT).toBeGreaterThanOrEqual(4);
  forget();
}
function forget(): void {
  first.calls.length = 0;
  second.calls.length = 0;
}
const told = () =>
  logger.lines.map(({ level, message, fields }) => ({
    level,
    message,
    endpoint: Reflect.get(fields, 'endpoint'),
  }));

describe('the preferred node', () => {
  it('answers alone while it does', async () => {
    await settled();
    const { height } = await reader.head();
    await reader.blocks(height - 3n, height);
    await reader.header(height);
    expect(second.calls).toEqual([]);
    expect(logger.lines).toEqual([]);
  });

  it('is replaced when it is down, left alone for a while, and asked again when it may be back', async () => {
    await settled();
    await first.down();
    const { height } = await reader.head();
    expect(await reader.blocks(height, height)).toHaveLength(1);
    expect(second.calls).toContain('eth_getBlockByNumber');
    await first.up();
    forget();
    await reader.header(height);
    expect(first.calls).toEqual([]);
    time.pass(MINUTE);
    forget();
    await reader.header(height);
    // Whether it is still of the same chain and at its head is asked first.
    expect(first.calls).toEqual(['eth_chainId', 'eth_blockNumber', 'eth_getBlockByNumber']);
    expect(second.calls).toEqual([]);
    expect(told()).toEqual([
      { level: 'warn', message: 'a node is not used for now', endpoint: 1 },
      { level: 'info', message: 'a node answers again', endpoint: 1 },
    ]);
  });

  it('is left alone twice as long after each failure', async () => {
    await settled();
    first.intercept(async () => ({ status: 500 }));
    const asked: number[] = [];
    for (let passed = 0; passed < 4_000; passed += 50) {
      forget();
      await reader.header(1n);
      if (first.calls.length > 0) asked.push(passed);
      time.pass(50);
    }
    // A quarter of a second at least (half of the first rest is chance, and there is none here).
    expect(asked).toEqual([0, 250, 750, 1_750, 3_750]);
  });

  it.each<[string, OwnAnswer]>([
    ['refuses', { error: { code: -32_601, message: 'no such method' } }],
    ['sends HTML', { status: 200, body: '<html>over quota</html>' }],
    ['fails', { status: 503 }],
    ['has no such key', { status: 401, body: '{"error":"invalid key"}' }],
    ['is over its rate', { error: { code: 429, message: 'too many' } }],
    ['sends what is no block', { result: { number: '0x1' } }],
    [
      'sends another block',
      {
        result: {
          number: '0x1',
          hash: `0x${'1'.repeat(64)}`,
          parentHash: `0x${'2'.repeat(64)}`,
          timestamp: '0x1',
          transactions: [],
        },
      },
    ],
  ])('is replaced when it %s', async (_name, answer) => {
    await settled();
    const { height } = await reader.head();
    first.intercept(async (method) => (method === 'eth_getBlockByNumber' ? answer : undefined));
    expect(await reader.blocks(height, height)).toHaveLength(1);
    first.intercept(async () => undefined);
    expect(told()).toEqual([{ level: 'warn', message: 'a node is not used for now', endpoint: 1 }]);
  });

  it('answers for a stretch of blocks as a whole or not at all', async () => {
    await settled();
    const { height } = await reader.head();
    first.intercept(async (method) => (method === 'eth_getLogs' ? { status: 500 } : undefined));
    const blocks = await reader.blocks(height - 5n, height);
    expect(first.calls).toContain('eth_getBlockByNumber');
    expect(second.calls.filter((method) => method === 'eth_getBlockByNumber')).toHaveLength(6);
    expect(second.calls).toContain('eth_getLogs');
    expect(blocks).toEqual(await blockByBlock(over([second]), height - 5n, height));
  });

  it('is replaced when its logs are of other blocks', async () => {
    await settled();
    const { height } = await reader.head();
    const truth = await blockByBlock(over([second]), height - 2n, height);
    expect(truth.flatMap((block) => block.transfers)).toHaveLength(2);
    first.rewrite((method, result) =>
      method === 'eth_getLogs' && Array.isArray(result)
        ? result.map((log: object) => ({ ...log, blockHash: `0x${'ab'.repeat(32)}` }))
        : result,
    );
    const from = height - 1n;
    expect(await reader.blocks(from, from)).toEqual(truth.filter((block) => block.height === from));
  });
});

describe('a node that asks to be left alone', () => {
  const busy: OwnAnswer = { status: 429, headers: { 'retry-after': '120' } };

  it('is, for as long as it said', async () => {
    await settled();
    first.intercept(async () => busy);
    await reader.head();
    first.intercept(async () => undefined);
    time.pass(2 * MINUTE - 1);
    forget();
    await reader.header(1n);
    expect(first.calls).toEqual([]);
    time.pass(1);
    await reader.header(1n);
    expect(first.calls).toContain('eth_getBlockByNumber');
  });

  it('is, even when there is no other', async () => {
    const alone = over([first]);
    await alone.head();
    first.intercept(async () => busy);
    expect((await faultOf(alone.head())).message).toBe(
      'ETHEREUM: reading the head failed: eth_blockNumber: HTTP 429',
    );
    first.intercept(async () => undefined);
    forget();
    expect(await faultOf(alone.head())).toBeInstanceOf(ChainUnavailable);
    expect(first.calls).toEqual([]);
    time.pass(2 * MINUTE);
    expect(await alone.head()).toEqual({ height: expect.any(BigInt), finalized: null });
  });

  it('cannot ask for longer than ten minutes', async () => {
    const alone = over([first]);
    first.intercept(async () => ({
      status: 503,
      headers: { 'retry-after': new Date(Date.now() + 1e10).toUTCString() },
    }));
    await faultOf(alone.head());
    first.intercept(async () => undefined);
    time.pass(10 * MINUTE - 1);
    expect(await faultOf(alone.head())).toBeInstanceOf(ChainUnavailable);
    time.pass(1);
    expect(await alone.head()).toEqual({ height: expect.any(BigInt), finalized: null });
  });

  it('which is not said is asked again when all others fail too', async () => {
    first.intercept(async () => ({ status: 500 }));
    second.intercept(async () => ({ status: 500 }));
    const fault = await faultOf(reader.head());
    expect(fault).toBeInstanceOf(ChainUnavailable);
    expect(fault.message).toBe(
      'ETHEREUM: reading the head failed: node 1: eth_chainId: HTTP 500; node 2: eth_chainId: HTTP 500',
    );
    first.intercept(async () => undefined);
    expect(await reader.head()).toEqual({ height: expect.any(BigInt), finalized: null });
  });
});

describe('a node that lags', () => {
  /** The node stands still at its present head. */
  async function standingStill(proxy: RpcProxy, behind: bigint): Promise<void> {
    const height = (await readerOver(chain, [chain.rpcUrl]).head()).height - behind;
    proxy.intercept(async (method, [block]) => {
      if (method === 'eth_blockNumber') return { result: `0x${height.toString(16)}` };
      if (method === 'eth_getBlockByNumber' && BigInt(String(block)) > height) return { result: null };
      return undefined;
    });
  }
  const head = async () => (await reader.head()).height;

  it('is not used until it has caught up', async () => {
    const { height } = await readerOver(chain, [chain.rpcUrl]).head();
    await standingStill(first, 15n);
    // The others are looked at in the background.
    await expect.poll(head, WAIT).toBe(height);
    await expect.poll(() => second.calls.length, WAIT).toBeGreaterThanOrEqual(4);
    forget();
    expect(await reader.blocks(height - 2n, height)).toHaveLength(3);
    expect(first.calls).toEqual([]);
    time.pass(MINUTE);
    await reader.header(3n);
    expect(first.calls).toEqual(['eth_chainId', 'eth_blockNumber']);
    first.intercept(async () => undefined);
    time.pass(MINUTE);
    forget();
    await reader.header(3n);
    expect(first.calls).toContain('eth_getBlockByNumber');
    expect(second.calls).toEqual([]);
  });

  it('by one block does not pass for a shorter chain', async () => {
    await settled();
    const height = await head();
    await first.down();
    await standingStill(second, 1n);
    expect(await faultOf(reader.blocks(height, height))).toBeInstanceOf(ChainUnavailable);
    expect(await faultOf(reader.header(height))).toBeInstanceOf(ChainUnavailable);
    expect(await reader.blocks(height - 1n, height)).toHaveLength(1);
    second.intercept(async () => undefined);
    expect(await reader.blocks(height, height)).toHaveLength(1);
  });

  it('cannot hold the others up when the chain was set back', async () => {
    const snapshot = await chain.snapshot();
    await chain.mine(40);
    await settled();
    const before = await head();
    await second.down();
    await chain.revert(snapshot);
    // The second, now away, told of blocks that are no more.
    expect(await faultOf(reader.head())).toBeInstanceOf(ChainUnavailable);
    time.pass(11 * MINUTE);
    expect(await head()).toBe(before - 40n);
  });
});

describe('a node of another chain', () => {
  const otherChain = async (method: string) => (method === 'eth_chainId' ? { result: '0x1' } : undefined);

  it('is never used, and somebody is told', async () => {
    first.intercept(otherChain);
    const { height } = await reader.head();
    await reader.blocks(height, height);
    time.pass(MINUTE);
    await reader.header(height);
    expect(new Set(first.calls)).toEqual(new Set(['eth_chainId']));
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]).toMatchObject({ level: 'error', fields: { network: 'ETHEREUM', endpoint: 1 } });
    expect(String(Reflect.get(logger.lines[0]?.fields ?? {}, 'err'))).toContain(
      'it is of chain 1, not 31337',
    );
  });

  it('is found before it is needed', async () => {
    second.intercept(otherChain);
    await reader.head();
    await expect.poll(() => logger.lines.length, WAIT).toBe(1);
    expect(told()).toEqual([{ level: 'error', message: 'a node is not used for now', endpoint: 2 }]);
  });

  it('is a plain Error when there is no other, every time', async () => {
    first.intercept(otherChain);
    const alone = over([first]);
    for (const fault of [await faultOf(alone.head()), await faultOf(alone.blocks(1n, 2n))]) {
      expect(fault).not.toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toContain('failed: it is of chain 1, not 31337');
    }
  });

  it('is no such fault while another is only away', async () => {
    first.intercept(otherChain);
    await second.down();
    expect(await faultOf(reader.head())).toBeInstanceOf(ChainUnavailable);
  });

  it('is noticed when a node comes back as one', async () => {
    await settled();
    await first.down();
    await reader.head();
    first.intercept(otherChain);
    await first.up();
    time.pass(MINUTE);
    forget();
    await reader.header(1n);
    expect(first.calls).toEqual(['eth_chainId']);
  });
});
