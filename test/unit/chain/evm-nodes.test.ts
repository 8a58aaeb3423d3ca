import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bloomBits, mayHold } from '../../../src/adapters/chain/evm/logs-bloom.ts';
import { adaptiveSize } from '../../../src/adapters/chain/evm/nodes/adaptive-size.ts';
import { inParallel } from '../../../src/adapters/chain/evm/nodes/in-parallel.ts';
import { refusal } from '../../../src/adapters/chain/evm/nodes/rpc-refusal.ts';

describe('what a refusal means', () => {
  const kindOf = (code: number, text: string, method = 'eth_getLogs') =>
    refusal(method, { code, text }, (told) => told).kind;

  test.each([
    [-32_005, 'query returned more than 10000 results'],
    [-32_602, 'Query returned more than 10000 results. Try with this block range [0x118dc91, 0x1198cc3].'],
    [-32_602, 'range 1000000 exceeds limit of 10000'],
    [-32_602, 'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range'],
    [-32_602, 'query exceeds max results 20000, retry with the range 23879634-23879696'],
    [-32_602, 'query exceeds max block range 100000'],
    [-32_603, 'eth_getLogs range is too large, max is 1k blocks'],
    [35, 'ranges over 10000 blocks are not supported on freetier'],
    [-32_602, 'eth_getLogs is limited to 1024 block range'],
    [-32_000, 'block range is too wide'],
    [-32_000, 'Block range limit exceeded.'],
    [-32_000, 'exceeds the range allowed for your plan (5000 > 3000)'],
    [-32_000, 'please limit the query to at most 1000 blocks'],
    [-32_701, 'exceed maximum block range: 50000'],
    [-32_047, "Invalid eth_getLogs request. 'fromBlock'-'toBlock' range too large. Max range: 800"],
    [-32_000, 'Maximum allowed number of requested blocks is 3500'],
    [-32_000, 'logs matched by query exceeds limit of 10000'],
    [-32_020, 'backend response too large'],
    [-32_000, 'response size should not greater than 10000000 bytes'],
    [-32_602, 'invalid params {"payload":"range 9009594 is bigger than range limit 2000"}'],
    [-32_000, 'requested too many blocks from 1 to 4000, maximum is set to 2048'],
    [-32_002, 'query timeout exceeded'],
    [-32_000, 'Query timed out. Consider reducing your block range'],
    [-32_005, 'limit exceeded'],
  ])('%i %j is too much at once', (code, text) => {
    expect(kindOf(code, text)).toBe('TOO_LARGE');
    if (code !== -32_005) expect(kindOf(code, text, 'eth_blockNumber')).toBe('REFUSED');
  });

  test.each([
    [429, 'Your app has exceeded its compute units per second capacity'],
    [-32_005, 'daily request count exceeded, request rate limited'],
    [-32_090, 'Too many requests, reason: call rate limit exhausted'],
    [-32_029, 'slow down'],
    [-32_007, '50/second request limit reached'],
    [-32_003, 'project rate limit exceeded'],
  ])('%i %j is a limit of the rate', (code, text) => {
    expect(kindOf(code, text)).toBe('RATE_LIMITED');
    expect(kindOf(code, text, 'eth_blockNumber')).toBe('RATE_LIMITED');
  });

  test.each([
    [-32_000, 'unknown block'],
    [-32_000, 'header not found'],
    [-32_001, 'block not found'],
    [-32_602, 'block range extends beyond current head block'],
    [-32_000, 'One of the blocks specified in filter (fromBlock, toBlock or blockHash) cannot be found.'],
    [-32_000, 'invalid block range params'],
    [-32_000, 'requested from block 9 after last accepted block 7'],
  ])('%i %j is a block that is not there', (code, text) => {
    expect(kindOf(code, text)).toBe('ABSENT');
  });

  test('is otherwise only that', () => {
    expect(kindOf(-32_601, 'the method eth_getLogs does not exist/is not available')).toBe('REFUSED');
    expect(kindOf(-32_000, '')).toBe('REFUSED');
  });
});

describe('the size of what is asked for', () => {
  test('settles below a fixed limit, and runs into it ever less often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (largest, limit) => {
        const adaptive = adaptiveSize(largest);
        const ask = (): boolean => {
          const size = adaptive.size();
          expect(size).toBeGreaterThanOrEqual(1);
          expect(size).toBeLessThanOrEqual(largest);
          if (size > limit) adaptive.refused(size);
          else adaptive.worked(size);
          return size > limit;
        };
        const refusals = Array.from({ length: 1_000 }, ask).filter(Boolean).length;
        expect(refusals).toBeLessThanOrEqual(16);
        if (largest <= limit) expect(refusals).toBe(0);
      }),
    );
  });

  test('grows back to the whole when the limit is gone', () => {
    const adaptive = adaptiveSize(64);
    for (let i = 0; i < 10; i++) adaptive.refused(adaptive.size());
    expect(adaptive.size()).toBe(1);
    for (let i = 0; i < 100; i++) adaptive.worked(adaptive.size());
    expect(adaptive.size()).toBe(64);
  });

  test('is not proved by less than it', () => {
    const adaptive = adaptiveSize(64);
    adaptive.refused(64);
    for (let i = 0; i < 100; i++) adaptive.worked(31);
    expect(adaptive.size()).toBe(32);
  });
});

describe('the filter of a block', () => {
  const transfer = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
  const [one, other] = [`0x${'ab'.repeat(20)}`, `0x${'cd'.repeat(20)}`];
  const bloom = bloomBits(transfer) | bloomBits(one);

  test('tells what cannot be there, and nothing when it is empty', () => {
    const event = bloomBits(transfer);
    expect(mayHold(bloom, { event, contracts: null })).toBe(true);
    expect(mayHold(bloom, { event, contracts: [bloomBits(other), bloomBits(one)] })).toBe(true);
    expect(mayHold(bloom, { event, contracts: [bloomBits(other)] })).toBe(false);
    expect(mayHold(bloomBits(one), { event, contracts: null })).toBe(false);
    expect(mayHold(0n, { event, contracts: null })).toBe(true);
  });
});

test('work in parallel is bounded, in order, and over when it fails', async () => {
  let running = 0;
  let most = 0;
  const work = async (item: number): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (item === 13) throw new Error('thirteen');
    return item * 2;
  };
  const items = Array.from({ length: 20 }, (_, index) => index);
  expect(await inParallel(3, items.slice(0, 13), work)).toEqual(items.slice(0, 13).map((item) => item * 2));
  expect(most).toBe(3);
  await expect(inParallel(3, items, work)).rejects.toThrow('thirteen');
  expect(running).toBe(0);
  expect(await inParallel(3, [], work)).toEqual([]);
});
