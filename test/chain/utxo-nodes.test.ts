import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BATCH } from '../../src/adapters/chain/utxo/core-rpc.ts';
import { createUtxoReader, type UtxoReaderConfig } from '../../src/adapters/chain/utxo/utxo-reader.ts';
import { ChainUnavailable, type ChainReader } from '../../src/usecases/ports/chain-reader.ts';
import { litecoindIsHere, startLitecoinProcess } from '../testkit/litecoin-process.ts';
import { startLitecoinNode, type LitecoinNode } from '../testkit/litecoin-node.ts';
import { startCoreFront, type CoreFront } from './core-front.ts';

const isHere = litecoindIsHere();

const faultOf = async (work: Promise<unknown>): Promise<Error> => {
  const fault: unknown = await work.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  return fault instanceof Error ? fault : new Error(String(fault));
};

describe.skipIf(!isHere)('the nodes of a network of the Bitcoin family', () => {
  let node: LitecoinNode;
  let first: CoreFront;
  let second: CoreFront;
  let now: number;

  beforeAll(async () => {
    node = await startLitecoinNode();
  });
  afterAll(() => node.remove());

  beforeEach(async () => {
    now = 1_000;
    first = await startCoreFront(node.rpcUrl);
    second = await startCoreFront(node.rpcUrl);
  });
  afterEach(async () => {
    await first.down();
    await second.down();
  });

  const readerOf = (rpcUrls: readonly string[], more: Partial<UtxoReaderConfig> = {}): ChainReader =>
    createUtxoReader({
      network: 'LITECOIN',
      chain: 'regtest',
      asset: 'LTC',
      rpcUrls,
      monotonic: () => now,
      ...more,
    });

  const height = (): Promise<number> => node.call<number>('getblockcount');

  /** All that a person or a log could see of a fault. */
  const told = (fault: Error): string =>
    `${fault.message} ${fault.stack} ${String(fault.cause)} ${JSON.stringify(fault, Object.getOwnPropertyNames(fault))}`;

  const expectNoSecret = (fault: Error): void => {
    const { host, port } = new URL(node.rpcUrl);
    const fronts = [first.url, second.url].map((url) => new URL(url).port);
    for (const secret of [node.process.user + ':', node.process.password, host, port, ...fronts]) {
      expect(told(fault)).not.toContain(secret);
    }
  };

  describe('failover', () => {
    it('goes to the next node when one is down, and back when it has rested', async () => {
      const reader = readerOf([first.url, second.url]);
      await reader.head();
      expect(second.calls).toEqual([]);
      await first.down();
      expect(await reader.head()).toEqual({ height: BigInt(await height()), finalized: null });
      await first.up();
      first.calls.length = 0;
      await reader.head();
      expect(first.calls).toEqual([]);
      now += 60_000;
      second.calls.length = 0;
      await reader.head();
      expect(first.calls).toContain('getblockchaininfo');
      expect(second.calls).toEqual([]);
    });

    it('asks a resting node when all others fail', async () => {
      const reader = readerOf([first.url, second.url]);
      await first.down();
      await reader.head();
      await first.up();
      await second.down();
      expect((await reader.head()).height).toBe(BigInt(await height()));
    });

    it('does all of one question with one node', async () => {
      const reader = readerOf([first.url, second.url]);
      await reader.head();
      first.before((methods) =>
        Promise.resolve(methods.includes('getblock') ? { status: 500, body: 'broken' } : null),
      );
      const blocks = await reader.blocks(1n, 3n);
      expect(blocks.map((block) => block.height)).toEqual([1n, 2n, 3n]);
      expect(second.calls.filter((method) => method === 'getblockhash')).toHaveLength(4);
      expect(second.calls.filter((method) => method === 'getblock')).toHaveLength(3);
    });

    it('says of each node why it failed, and no address', async () => {
      await first.down();
      second.before(async () => ({ status: 502, body: `upstream ${node.rpcUrl} is away` }));
      const fault = await faultOf(readerOf([first.url, second.url]).head());
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toBe('LITECOIN: reading the head failed: node 1: ECONNREFUSED; node 2: HTTP 502');
      expectNoSecret(fault);
    });
  });

  describe('a node that is of no use', () => {
    it.each([
      ['BITCOIN', 'regtest', 'the node is of a regtest chain of another network, not of BITCOIN regtest'],
      ['LITECOIN', 'main', 'the node is of another chain, not of LITECOIN main'],
      ['BITCOIN', 'main', 'the node is of another chain, not of BITCOIN main'],
    ])('is one of another chain than %s %s', async (network, chain, reason) => {
      const reader = readerOf([first.url], { network, chain });
      for (const ask of [
        () => reader.head(),
        () => reader.blocks(1n, 2n),
        () => reader.header(1n),
        async () => reader.pool?.read(),
      ]) {
        const fault = await faultOf(ask());
        expect(fault).not.toBeInstanceOf(ChainUnavailable);
        expect(fault.message).toContain(reason);
        expectNoSecret(fault);
      }
      expect(new Set(first.calls)).toEqual(new Set(['getblockchaininfo', 'getblockhash']));
    });

    it('is never used for another chain, though it comes first', async () => {
      first.rewrite((method, result) => (method === 'getblockhash' ? 'ab'.repeat(32) : result));
      const reader = readerOf([first.url, second.url]);
      expect(await reader.blocks(1n, 2n)).toHaveLength(2);
      expect(first.calls).not.toContain('getblock');
      await second.down();
      const fault = await faultOf(reader.head());
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toContain('another network');
    });

    it('is one whose chain changed while it was away', async () => {
      const reader = readerOf([first.url]);
      await reader.head();
      await first.down();
      await faultOf(reader.head());
      first.rewrite((method, result) => (method === 'getblockhash' ? 'ab'.repeat(32) : result));
      await first.up();
      expect((await faultOf(reader.head())).message).toContain('another network');
    });

    it('refuses the password', async () => {
      const wrong = new URL(first.url);
      wrong.password = 'wrong-password';
      const fault = await faultOf(readerOf([wrong.href]).head());
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toBe('LITECOIN: reading the head failed: HTTP 401, the credentials were refused');
      expect(told(fault)).not.toContain('wrong-password');
      expectNoSecret(fault);
    });

    it('is still loading the chain', async () => {
      const fresh = await startLitecoinProcess('test');
      try {
        const fault = await faultOf(readerOf([fresh.rpcUrl], { chain: 'test' }).head());
        expect(fault).toBeInstanceOf(ChainUnavailable);
        expect(fault.message).toContain('still loading the chain: block 0 of 0');
      } finally {
        await fresh.remove();
      }
    });

    it('knows headers far above its blocks', async () => {
      const tip = await height();
      let ahead = 3;
      first.rewrite((method, result) =>
        method === 'getblockchaininfo' ? { ...(result as object), headers: tip + ahead } : result,
      );
      const reader = readerOf([first.url]);
      expect((await reader.head()).height).toBe(BigInt(tip));
      ahead = 4;
      const fault = await faultOf(reader.head());
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toContain(`still loading the chain: block ${tip} of ${tip + 4}`);
      expect(await faultOf(Promise.resolve(reader.pool?.read()))).toBeInstanceOf(ChainUnavailable);
    });

    it.each([
      ['no JSON', { status: 200, body: '<html>' }, 'the answer cannot be read: no JSON'],
      ['nothing', { status: 200, body: '' }, 'HTTP 200 without an answer'],
      ['an answer to no call', { status: 200, body: '{"id":7,"result":1}' }, 'without an answer'],
      ['another shape', { status: 200, body: '{"id":0,"result":{"chain":1}}' }, 'another shape'],
      ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'HTTP 302'],
      [
        'its own refusal',
        {
          status: 500,
          body: '{"id":0,"result":null,"error":{"code":-28,"message":"Loading\\nblock index http://a:b@c/"}}',
        },
        'getblockchaininfo: Loading block index <address> (-28)',
      ],
    ])('answers with %s', async (_name, answer, reason) => {
      first.before(async () => answer);
      const fault = await faultOf(readerOf([first.url]).head());
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toContain(reason);
    });

    it('does not answer in time', async () => {
      const { promise, resolve } = Promise.withResolvers<null>();
      first.before(() => promise);
      const fault = await faultOf(readerOf([first.url], { timeoutMs: 50 }).head());
      resolve(null);
      expect(fault).toBeInstanceOf(ChainUnavailable);
      expect(fault.message).toContain('no answer within 50 ms');
    });

    it('sends another block than it was asked for', async () => {
      const reader = readerOf([first.url]);
      first.rewrite((method, result) =>
        method === 'getblock' ? { ...(result as object), height: 99 } : result,
      );
      expect((await faultOf(reader.blocks(1n, 1n))).message).toContain('another block than 1');
    });
  });

  it.each([
    ['as long as it says', { status: 503, headers: { 'retry-after': '7' }, body: '' }, 7_000],
    ['a minute at most', { status: 429, headers: { 'retry-after': '86400' }, body: '' }, 60_000],
    ['two seconds', { status: 503, body: 'Work queue depth exceeded' }, 2_000],
    ['two seconds, of an older version', { status: 500, body: 'Work queue depth exceeded' }, 2_000],
  ])('leaves a busy node alone for %s', async (_name, answer, rest) => {
    const reader = readerOf([first.url]);
    await reader.head();
    first.before(async () => answer);
    const fault = await faultOf(reader.head());
    expect(fault).toBeInstanceOf(ChainUnavailable);
    expect(fault.message).toContain(`HTTP ${answer.status}, the node is too busy`);
    first.before(async () => null);
    first.calls.length = 0;
    now += rest - 1;
    expect((await faultOf(reader.head())).message).toContain('too busy');
    expect(first.calls).toEqual([]);
    now += 1;
    expect((await reader.head()).height).toBe(BigInt(await height()));
  });

  it('reads the cookie of a node that was started anew', async () => {
    const plain = new URL(node.rpcUrl);
    plain.username = '';
    plain.password = '';
    const reader = readerOf([plain.href], { cookieFile: node.process.cookieFile });
    await reader.head();
    await node.kill();
    expect((await faultOf(reader.head())).message).toMatch(/ECONNREFUSED|UND_ERR_SOCKET|ECONNRESET/);
    await node.startAgain();
    expect((await reader.head()).height).toBe(BigInt(await height()));
    const without = await faultOf(readerOf([plain.href], { cookieFile: '/nowhere/.cookie' }).head());
    expect(without.message).toContain('the cookie file cannot be read');
    expect(told(without)).not.toContain('/nowhere');
  });

  describe('a reorganisation between two questions', () => {
    it('ends a range of blocks', async () => {
      const reader = readerOf([first.url]);
      const hashes = await node.mine(4);
      const top = BigInt(await height());
      let isDone = false;
      first.before(async (methods) => {
        if (isDone || !methods.includes('getblock')) return null;
        isDone = true;
        // The third of the four blocks is replaced when the hashes of the first two are known only.
        await node.invalidate(hashes[2] ?? '');
        for (let i = 0; i < 3; i++) await node.mineExactly([]);
        return null;
      });
      const blocks = await reader.blocks(top - 3n, top);
      for (const [i, block] of blocks.entries()) {
        if (i > 0) expect(block.parentHash).toBe(blocks[i - 1]?.hash);
      }
      first.rewrite((method, result) =>
        method === 'getblock' && (result as { height: number }).height === Number(top - 1n)
          ? { ...(result as object), previousblockhash: 'cd'.repeat(32) }
          : result,
      );
      expect((await reader.blocks(top - 3n, top)).map((block) => block.height)).toEqual([top - 3n, top - 2n]);
    });

    it('makes the pool unreadable for a moment, and nothing is lost', async () => {
      const reader = readerOf([first.url]);
      await node.mine();
      await reader.pool?.read();
      const txId = await node.send(await node.newAddress(), '0.5');
      let isDone = false;
      first.before(async (methods) => {
        if (isDone || !methods.includes('getrawtransaction')) return null;
        isDone = true;
        await node.mineExactly([]);
        return null;
      });
      expect(await reader.pool?.read()).toBeNull();
      const view = await reader.pool?.read();
      expect(view?.txIds).toEqual(new Set([txId]));
      expect(view?.transfers.some((transfer) => transfer.txId === txId)).toBe(true);
    });

    it('is none when a transaction leaves the pool meanwhile', async () => {
      const reader = readerOf([first.url]);
      await node.mine();
      const replaced = await node.send(await node.newAddress(), '0.5', { replaceable: true });
      let second = '';
      first.before(async (methods) => {
        if (second !== '' || !methods.includes('getrawtransaction')) return null;
        second = await node.bumpFee(replaced);
        return null;
      });
      const view = await reader.pool?.read();
      expect(view?.txIds).toEqual(new Set());
      expect(view?.transfers).toEqual([]);
      const after = await reader.pool?.read();
      expect(after?.txIds).toEqual(new Set([second]));
      expect(after?.transfers.length).toBeGreaterThan(0);
    });
  });

  it('has no pool to show while it loads it', async () => {
    first.rewrite((method, result) =>
      method === 'getmempoolinfo' ? { ...(result as object), loaded: false } : result,
    );
    const reader = readerOf([first.url]);
    expect(await reader.pool?.read()).toBeNull();
    expect(first.calls).not.toContain('getrawmempool');
  });

  it('is asked for nothing but what docs/operations.md lets it be asked for', async () => {
    const reader = readerOf([first.url]);
    await node.send(await node.newAddress(), '0.01');
    await reader.head();
    await reader.header(1n);
    await reader.blocks(1n, 2n);
    await reader.pool?.read();
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const allowed = /rpcwhitelist=paybell:([a-z,]+)/.exec(page)?.[1]?.split(',') ?? [];
    expect(new Set(first.calls)).toEqual(new Set(allowed));
  });

  it('is asked in batches of bounded size, for each transaction of the pool once', async () => {
    const reader = readerOf([first.url]);
    const requests: (readonly string[])[] = [];
    first.before(async (methods) => {
      requests.push(methods);
      return null;
    });
    expect(await reader.blocks(1n, 64n)).toHaveLength(64);
    const sizes = requests.filter(([method]) => method === 'getblockhash').map(({ length }) => length);
    expect(sizes).toEqual([1, BATCH, 64 - BATCH]);

    await node.mine();
    const address = await node.newAddress();
    for (let i = 0; i < 3; i++) await node.send(address, '0.01');
    requests.length = 0;
    const view = await reader.pool?.read();
    expect(view?.txIds.size).toBe(3);
    expect(view?.transfers.filter(({ to }) => to === address)).toHaveLength(3);
    const looks = () => requests.filter(([method]) => method === 'getrawtransaction');
    expect(looks().map(({ length }) => length)).toEqual([3]);
    await node.send(address, '0.01');
    expect((await reader.pool?.read())?.txIds.size).toBe(4);
    await reader.pool?.read();
    expect(looks().map(({ length }) => length)).toEqual([3, 1]);
  });
});

describe('the configuration', () => {
  it('needs a chain that the network has', () => {
    const config = { network: 'LITECOIN', chain: 'signet', asset: 'LTC', rpcUrls: ['http://127.0.0.1:1'] };
    expect(() => createUtxoReader(config)).toThrow(RangeError);
  });
});
