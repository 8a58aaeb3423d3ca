import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { ChainUnavailable, type Block, type ChainReader } from '../../src/usecases/ports/chain-reader.ts';
import { logEmitter, transferLog } from './evm-contracts.ts';
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
import { startRpcProxy, type OwnAnswer, type RpcProxy } from './rpc-proxy.ts';

let chain: LocalChain;
let stranger: string;
let proxy: RpcProxy;
let reader: ChainReader;

beforeAll(async () => {
  chain = await startLocalChain();
  stranger = await nodeOf(chain).deploy(logEmitter(3, 6));
});
afterAll(() => chain.stop());

beforeEach(async () => {
  proxy = await startRpcProxy(chain.rpcUrl);
  reader = readerOver(chain, [proxy.url]);
});
afterEach(() => proxy.down());

/** Empty blocks, with transfers of each kind in some. */
async function stretch(blocks: number): Promise<{ from: bigint; to: bigint }> {
  const { height: from } = await readerOver(chain, [chain.rpcUrl]).head();
  for (let made = 0; made < blocks; made += 8) {
    await chain.sendToken(PAYEE, BigInt(made + 1));
    await nodeOf(chain).send(stranger, transferLog(PAYEE, BigInt(made + 1)));
    await chain.sendNative(PAYEE, BigInt(made + 1));
    await chain.mine(5);
  }
  return { from, to: (await readerOver(chain, [chain.rpcUrl]).head()).height };
}

interface LogFilter {
  readonly fromBlock?: string;
  readonly toBlock?: string;
  readonly blockHash?: string;
  readonly address?: unknown;
}
const isFilter = (value: unknown): value is LogFilter => typeof value === 'object' && value !== null;
/** How many blocks an eth_getLogs spans; 0 for one by hash. */
const spanOf = (filter: unknown): number =>
  isFilter(filter) && filter.blockHash === undefined
    ? Number(filter.toBlock) - Number(filter.fromBlock) + 1
    : 0;
const isLinked = (blocks: readonly Block[]): boolean =>
  blocks.every((block, index) => index === 0 || block.parentHash === blocks[index - 1]?.hash);

const refuseAbove = (blocks: number, answer: OwnAnswer) =>
  proxy.intercept(async (method, [filter]) =>
    method === 'eth_getLogs' && spanOf(filter) > blocks ? answer : undefined,
  );
const error = (code: number, message: string, data?: unknown): OwnAnswer => ({
  error: { code, message, data },
});

describe('a node that gives logs of few blocks at once', () => {
  it.each([
    [10, error(-32_005, 'query returned more than 10000 results')],
    [10, error(-32_602, 'range 64 exceeds limit of 10')],
    [7, error(-32_000, 'block range is too wide')],
    [1, error(-32_005, 'limit exceeded')],
    [
      3,
      {
        status: 400,
        body: JSON.stringify({ error: { code: -32_602, message: 'Log response size exceeded.' } }),
      },
    ],
    [20, { status: 413 }],
    [5, error(-32_602, 'invalid params', { payload: 'range 64 is bigger than range limit 5' })],
  ])('of %i is asked for as many: %j', async (blocks, answer) => {
    const { from, to } = await stretch(64);
    refuseAbove(blocks, answer);
    expect(await allBlocks(reader, from, to)).toEqual(await blockByBlock(reader, from, to));
    expect(await reader.blocks(from, to)).toHaveLength(64);
  });

  it('is not asked for too many every time, and for more again when it stops to refuse', async () => {
    const { from, to } = await stretch(32);
    let limit = 10;
    let refused = 0;
    let largest = 0;
    proxy.intercept(async (method, [filter]) => {
      if (method !== 'eth_getLogs') return undefined;
      largest = Math.max(largest, spanOf(filter));
      if (spanOf(filter) <= limit) return undefined;
      refused += 1;
      return error(-32_005, 'query returned more than 10000 results');
    });
    for (let round = 0; round < 4; round++) await allBlocks(reader, from, to);
    expect(refused).toBeLessThanOrEqual(5);
    limit = 64;
    largest = 0;
    for (let round = 0; round < 6; round++) await allBlocks(reader, from, to);
    expect(largest).toBeGreaterThan(10);
  });

  it('still gives the known tokens of a block that is too full', async () => {
    const { from, to } = await stretch(8);
    const logger = keptLog();
    const crowded = readerOver(chain, [proxy.url], { logger });
    proxy.intercept(async (method, [filter]) =>
      method === 'eth_getLogs' && isFilter(filter) && filter.address === undefined
        ? error(-32_000, 'query returned more than 10000 results')
        : undefined,
    );
    const blocks = await allBlocks(crowded, from, to);
    const known = readerOver(chain, [chain.rpcUrl], { unknownTokens: false });
    expect(blocks).toEqual(await blockByBlock(known, from, to));
    expect(logger.lines[0]?.message).toBe(
      'a block has too many transfers; those of unknown tokens are not read',
    );
  });

  it('may set the size itself', async () => {
    const { from, to } = await stretch(16);
    const spans: number[] = [];
    proxy.intercept(async (method, [filter]) => {
      if (method === 'eth_getLogs') spans.push(spanOf(filter));
      return undefined;
    });
    await allBlocks(readerOver(chain, [proxy.url], { logChunk: 4 }), from, to);
    expect(Math.max(...spans)).toBe(4);
  });
});

describe('a node that is not to be trusted', () => {
  it('gives null above its head only', async () => {
    const { height } = await reader.head();
    proxy.intercept(async (method) => (method === 'eth_getBlockByNumber' ? { result: null } : undefined));
    expect(await faultOf(reader.header(height))).toBeInstanceOf(ChainUnavailable);
    expect(await faultOf(reader.blocks(height, height))).toBeInstanceOf(ChainUnavailable);
    expect(await reader.header(height + 1n)).toBeNull();
  });

  it('is unavailable when nobody answers, with the cause, and without the address', async () => {
    await proxy.down();
    for (const fault of [await faultOf(reader.head()), await faultOf(reader.blocks(1n, 2n))]) {
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.cause).toBeInstanceOf(Error);
      expect(`${fault.message} ${String(fault.cause)}`).not.toContain(new URL(proxy.url).port);
    }
  });

  it('cannot leave out the logs of blocks that one of its machines does not have yet', async () => {
    const { from, to } = await stretch(16);
    const lacking = from + 6n;
    // What anvil and others do with a range above their head: they answer with what they have, and no error.
    proxy.rewrite((method, result) => {
      if (method !== 'eth_getLogs' || !Array.isArray(result)) return result;
      return result.filter((log: { blockNumber: string }) => BigInt(log.blockNumber) < lacking);
    });
    proxy.intercept(async (method, [filter]) => {
      if (method !== 'eth_getLogs' || !isFilter(filter) || filter.blockHash === undefined) return undefined;
      const height = Number(
        (await nodeOf(chain).client.getBlock({ blockHash: `0x${filter.blockHash.slice(2)}` })).number,
      );
      return height < lacking ? undefined : error(-32_000, 'unknown block');
    });
    const seen = await reader.blocks(from, to);
    proxy.rewrite((_method, result) => result);
    proxy.intercept(async () => undefined);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThan(Number(to - from));
    expect(seen).toEqual((await blockByBlock(reader, from, to)).slice(0, seen.length));
  });

  it.each<[string, (log: Record<string, unknown>) => unknown]>([
    ['of another block', (log) => ({ ...log, blockHash: `0x${'ab'.repeat(32)}` })],
    ['of another height', (log) => ({ ...log, blockNumber: '0x1' })],
    ['that were removed', (log) => ({ ...log, removed: true })],
    ['without a transaction', (log) => ({ ...log, transactionHash: undefined })],
    ['that are none', () => 'log'],
  ])('does not pass off logs %s', async (_name, lie) => {
    await chain.sendToken(PAYEE, 1n);
    const { height } = await reader.head();
    const truth = await reader.blocks(height - 1n, height);
    proxy.rewrite((method, result) =>
      method === 'eth_getLogs' && Array.isArray(result) ? result.map(lie) : result,
    );
    const range = await reader.blocks(height - 1n, height).catch(() => []);
    expect(range).toEqual(truth.slice(0, range.length));
    expect(range.length).toBeLessThan(2);
    expect(await faultOf(reader.blocks(height, height))).toBeInstanceOf(ChainUnavailable);
  });

  it('may repeat and shuffle', async () => {
    const { from, to } = await stretch(16);
    const truth = await blockByBlock(reader, from, to);
    proxy.rewrite((method, result) =>
      method === 'eth_getLogs' && Array.isArray(result) ? [...result, ...result].toReversed() : result,
    );
    expect(await allBlocks(reader, from, to)).toEqual(truth);
  });

  it.each<[string, OwnAnswer]>([
    ['HTML', { status: 200, body: '<html>' }],
    ['nothing', { status: 200 }],
    ['a number', { status: 200, body: '7' }],
    ['no result', { status: 200, body: '{"jsonrpc":"2.0","id":1}' }],
    ['an answer to another question', { status: 200, body: '{"jsonrpc":"2.0","id":-1,"result":"0x1"}' }],
    ['another type', { result: [] }],
    ['a decimal number', { result: 7 }],
    ['HTTP 500', { status: 500 }],
    ['HTTP 401', { status: 401 }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }],
  ])('is unavailable when it answers with %s', async (_name, answer) => {
    await reader.head();
    proxy.intercept(async () => answer);
    for (const work of [reader.head(), reader.blocks(0n, 1n), reader.header(1n)]) {
      expect(await faultOf(work)).toBeInstanceOf(ChainUnavailable);
    }
  });

  it('tells no key: not that of its address, nor one that it repeats', async () => {
    const key = 'k3y-0123456789abcdef';
    const secret = readerOver(chain, [
      `${proxy.url}/v2/${key}?token=${key}x`.replace('//', `//user:pass-${key}@`),
    ]);
    expect(await secret.head()).toEqual(await reader.head());
    proxy.intercept(async () =>
      error(-32_000, `no plan for ${key} at https://node.example/${key}, pass-${key}`),
    );
    const fault = await faultOf(secret.head());
    expect(fault.message).toContain('no plan for');
    expect(`${fault.message} ${String(fault.cause)}`).not.toContain(key);
    await proxy.down();
    const gone = await faultOf(secret.head());
    expect(`${gone.message} ${String(gone.cause)} ${gone.stack}`).not.toContain(key);
  });

  it('is not waited for without end', async () => {
    const hasty = readerOver(chain, [proxy.url], {}, { timeoutMs: 50 });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    proxy.intercept(() => promise);
    const fault = await faultOf(hasty.head());
    resolve(undefined);
    expect(fault).toBeInstanceOf(ChainUnavailable);
    expect(fault.message).toContain('no answer within 50 ms');
  });

  it('gives fewer blocks at once when it is strained', async () => {
    const { from, to } = await stretch(64);
    let left = 20;
    proxy.intercept(async (method) => {
      left -= method === 'eth_getBlockByNumber' ? 1 : 0;
      return left < 0 ? error(429, 'Too many requests') : undefined;
    });
    expect(await faultOf(reader.blocks(from, to))).toBeInstanceOf(ChainUnavailable);
    left = 20;
    expect(await faultOf(reader.blocks(from, to))).toBeInstanceOf(ChainUnavailable);
    left = 20;
    expect(await reader.blocks(from, to)).toHaveLength(16);
  });
});

describe('a reorg between two answers', () => {
  it('is no contradiction above where it began', async () => {
    await chain.mine(20);
    await chain.sendToken(PAYEE, 1n);
    const { height } = await reader.head();
    proxy.intercept(async (method) => {
      if (method !== 'eth_getLogs') return undefined;
      proxy.intercept(async () => undefined);
      await chain.reorg(1);
      return undefined;
    });
    const blocks = await reader.blocks(height - 10n, height);
    expect(blocks.map((block) => block.height)).toEqual(
      Array.from({ length: 10 }, (_, index) => height - 10n + BigInt(index)),
    );
    await chain.sendToken(PAYEE, 1n);
    proxy.intercept(async (method) => {
      if (method === 'eth_getLogs') await chain.reorg(1);
      return undefined;
    });
    expect(await faultOf(headBlock(reader))).toBeInstanceOf(ChainUnavailable);
  });

  it('never gives blocks that are not linked, or transfers that are not theirs', async () => {
    const plain = readerOver(chain, [chain.rpcUrl]);
    const truth = new Map<string, Block>();
    const learn = async (from: bigint, to: bigint) => {
      for (const block of await blockByBlock(plain, from, to)) truth.set(block.hash, block);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          blocks: fc.integer({ min: 1, max: 12 }),
          depth: fc.integer({ min: 1, max: 12 }),
          call: fc.nat(16),
        }),
        async ({ blocks, depth, call }) => {
          const txId = await chain.sendToken(PAYEE, 1n);
          await chain.mine(4);
          const other = await chain.sendToken(PAYEE, 2n);
          await chain.mine(6);
          const { height } = await plain.head();
          await learn(height - 12n, height);
          let asked = 0;
          proxy.intercept(async () => {
            asked += 1;
            // Both transactions come again, at other heights.
            if (asked === call + 1)
              await chain.reorg(
                depth,
                [txId, other].slice(depth > 7 ? 0 : 1).map((id) => ({ txId: id, block: 0 })),
              );
            return undefined;
          });
          const from = height - BigInt(blocks) + 1n;
          const seen = await reader.blocks(from, height).catch((fault: unknown) => {
            expect(fault).toBeInstanceOf(ChainUnavailable);
            return [];
          });
          proxy.intercept(async () => undefined);
          await learn(height - 12n, height);
          expect(isLinked(seen)).toBe(true);
          expect(seen.map((block) => block.height)).toEqual(seen.map((_, index) => from + BigInt(index)));
          for (const block of seen) expect(block).toEqual(truth.get(block.hash));
        },
      ),
      { numRuns: 30 },
    );
  });
});
