import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createUtxoReader } from '../../src/adapters/chain/utxo/utxo-reader.ts';
import type { Block, ChainReader, PoolView, Transfer } from '../../src/usecases/ports/chain-reader.ts';
import { litecoindIsHere } from '../testkit/litecoin-process.ts';
import { startLitecoinNode, type LitecoinNode } from '../testkit/litecoin-node.ts';

const isHere = litecoindIsHere();
/** For what the node does in its own time. */
const WAIT = { timeout: 20_000 };

describe.skipIf(!isHere)('a network of the Bitcoin family', () => {
  let node: LitecoinNode;
  let reader: ChainReader;

  beforeAll(async () => {
    node = await startLitecoinNode();
  });
  afterAll(() => node.remove());

  beforeEach(async () => {
    // What an earlier test left in the pool.
    await node.mine();
    reader = createUtxoReader({
      network: 'LITECOIN',
      chain: 'regtest',
      asset: 'LTC',
      rpcUrls: [node.rpcUrl],
    });
  });

  const headBlock = async (): Promise<Block> => {
    const { height } = await reader.head();
    const [block] = await reader.blocks(height, height);
    if (!block) throw new Error('no block at the head');
    return block;
  };

  const pool = async (): Promise<PoolView> => {
    const view = await reader.pool?.read();
    if (!view) throw new Error('the pool could not be read');
    return view;
  };

  const to = (transfers: readonly Transfer[], address: string): Transfer[] =>
    transfers.filter((transfer) => transfer.to === address);

  describe('blocks', () => {
    it('show the outputs of their transactions', async () => {
      const address = await node.newAddress();
      const txId = await node.send(address, '1.5');
      const [hash] = await node.mine();
      const block = await headBlock();
      const [transfer] = to(block.transfers, address);
      expect(transfer).toEqual({
        txId,
        outputIndex: transfer?.outputIndex,
        to: address,
        asset: 'LTC',
        contract: null,
        amount: 150_000_000n,
      });
      expect(address).toMatch(/^rltc1q/);
      expect(block.hash).toBe(hash);
      const told = await node.call<{ time: number }>('getblock', hash);
      expect(block.minedAt).toEqual(new Date(told.time * 1_000));
      expect(await reader.carriedOut(block, block.transfers)).toEqual(block.transfers);
    });

    it('tell several outputs of a transaction apart, to one address too', async () => {
      const [one, other] = [await node.newAddress(), await node.newAddress()];
      const txId = await node.sendOutputs([
        [one, '0.1'],
        [other, '0.2'],
        [one, '0.3'],
      ]);
      await node.mine();
      const { transfers } = await headBlock();
      const own = transfers.filter((transfer) => transfer.txId === txId);
      expect(new Set(own.map(({ outputIndex }) => outputIndex)).size).toBe(own.length);
      expect(new Set(to(own, one).map(({ amount }) => amount))).toEqual(new Set([10_000_000n, 30_000_000n]));
      expect(to(own, other).map(({ amount }) => amount)).toEqual([20_000_000n]);
    });

    it('give amounts exactly, to the last digit', async () => {
      const [dust, odd] = [await node.newAddress(), await node.newAddress()];
      await node.sendOutputs([
        [dust, '0.00003001'],
        [odd, '12.34567891'],
      ]);
      await node.mine();
      const { transfers } = await headBlock();
      expect(to(transfers, dust)[0]?.amount).toBe(3_001n);
      expect(to(transfers, odd)[0]?.amount).toBe(1_234_567_891n);
    });

    it('leave out what miners pay themselves', async () => {
      expect((await headBlock()).transfers).toEqual([]);
    });

    it('come as a range, each the parent of the next, up to the end of the chain', async () => {
      await node.mine(3);
      const { height, finalized } = await reader.head();
      expect(finalized).toBeNull();
      const blocks = await reader.blocks(height - 9n, height + 5n);
      expect(blocks.map((block) => block.height)).toEqual(
        Array.from({ length: 10 }, (_, i) => height - 9n + BigInt(i)),
      );
      for (const [i, block] of blocks.entries()) {
        if (i > 0) expect(block.parentHash).toBe(blocks[i - 1]?.hash);
        expect(await reader.header(block.height)).toEqual({
          height: block.height,
          hash: block.hash,
          parentHash: block.parentHash,
        });
      }
      expect(await reader.blocks(height + 1n, height + 3n)).toEqual([]);
      expect(await reader.blocks(5n, 4n)).toEqual([]);
      await expect(reader.blocks(0n, 64n)).rejects.toBeInstanceOf(RangeError);
      expect(await reader.header(height + 1n)).toBeNull();
      expect((await reader.blocks(0n, 63n)).length).toBe(64);
    });

    it('begin with block 0, which has no parent', async () => {
      const [first] = await reader.blocks(0n, 0n);
      expect(first?.parentHash).toBe('0'.repeat(64));
      expect(first?.hash).toBe('530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9');
    });
  });

  describe('the pool', () => {
    it('shows a payment at once, once, and until it is mined', async () => {
      const address = await node.newAddress();
      expect((await pool()).transfers).toEqual([]);
      const txId = await node.send(address, '0.25');
      const seen = await pool();
      expect(seen.tip).toEqual({ height: (await reader.head()).height, hash: (await headBlock()).hash });
      expect(seen.txIds).toEqual(new Set([txId]));
      expect(to(seen.transfers, address)).toMatchObject([{ txId, asset: 'LTC', amount: 25_000_000n }]);

      const again = await pool();
      expect(again.txIds).toEqual(new Set([txId]));
      expect(again.transfers).toEqual([]);

      reader.pool?.reset();
      expect((await pool()).transfers).toEqual(seen.transfers);

      await node.mine();
      expect((await pool()).txIds).toEqual(new Set());
      const mined = to((await headBlock()).transfers, address);
      expect(mined).toEqual(to(seen.transfers, address));
    });

    it('shows a replacement by fee as another transaction, and the replaced one no more', async () => {
      const address = await node.newAddress();
      const first = await node.send(address, '0.5', { replaceable: true });
      expect((await pool()).txIds).toEqual(new Set([first]));
      const second = await node.bumpFee(first);
      const view = await pool();
      expect(view.txIds).toEqual(new Set([second]));
      expect(to(view.transfers, address)).toMatchObject([{ txId: second, amount: 50_000_000n }]);
      await node.mine();
      expect(to((await headBlock()).transfers, address)).toMatchObject([{ txId: second }]);
    });

    it('shows a double spend that takes the payment away', async () => {
      const [address, thief] = [await node.newAddress(), await node.newAddress()];
      const paid = await node.send(address, '0.5', { replaceable: true });
      expect(to((await pool()).transfers, address)).toHaveLength(1);
      const stolen = await node.doubleSpend(paid, thief);
      const view = await pool();
      expect(view.txIds).toEqual(new Set([stolen]));
      expect(to(view.transfers, address)).toEqual([]);
      expect(to(view.transfers, thief)).toHaveLength(1);
    });

    it('shows a transaction anew that comes back after it had left', async () => {
      const address = await node.newAddress();
      const txId = await node.send(address, '0.75');
      const seen = (await pool()).transfers.find((transfer) => transfer.to === address);
      const [hash = ''] = await node.mine();
      expect((await pool()).txIds).toEqual(new Set());
      await node.invalidate(hash);
      const back = await pool();
      expect(back.txIds).toEqual(new Set([txId]));
      expect(to(back.transfers, address)).toEqual([seen]);
      await node.reconsider(hash);
    });
  });

  describe('a reorganisation', () => {
    it('moves a payment to another block', async () => {
      const address = await node.newAddress();
      const txId = await node.send(address, '0.125');
      const [hash = ''] = await node.mine();
      const before = await headBlock();
      await node.invalidate(hash);
      await node.mineExactly([]);
      await node.mine();
      const { height } = await reader.head();
      const [replaced, after] = await reader.blocks(before.height, height);
      expect(height).toBe(before.height + 1n);
      expect(replaced?.hash).not.toBe(before.hash);
      expect(replaced?.parentHash).toBe(before.parentHash);
      expect(replaced?.transfers).toEqual([]);
      expect(to(after?.transfers ?? [], address)).toEqual(to(before.transfers, address));
      expect(after?.transfers.some((transfer) => transfer.txId === txId)).toBe(true);
    });

    it('takes a payment away for good when its coins were spent elsewhere', async () => {
      const [address, thief] = [await node.newAddress(), await node.newAddress()];
      const paid = await node.send(address, '0.5');
      const stolen = await node.conflicting(paid, thief);
      const [hash = ''] = await node.mine();
      expect(to((await headBlock()).transfers, address)).toHaveLength(1);
      await node.invalidate(hash);
      await node.mineExactly([stolen]);
      const { transfers } = await headBlock();
      expect(to(transfers, address)).toEqual([]);
      expect(to(transfers, thief)).toHaveLength(1);
      expect((await pool()).txIds.has(paid)).toBe(false);
    });

    it('is followed six blocks deep', async () => {
      const [lowest = '', ...rest] = await node.mine(6);
      const { height } = await reader.head();
      await node.invalidate(lowest);
      for (let i = 0; i < 7; i++) await node.mineExactly([]);
      const blocks = await reader.blocks(height - 6n, height + 1n);
      expect(blocks).toHaveLength(8);
      expect(blocks.some(({ hash }) => [lowest, ...rest].includes(hash))).toBe(false);
    });
  });

  it.each(['kept', 'lost'] as const)('goes on after kill -9, with the pool %s', async (kept) => {
    const before = await headBlock();
    const txId = await node.send(await node.newAddress(), '0.5');
    expect((await pool()).txIds).toEqual(new Set([txId]));
    await node.kill(kept);
    await expect(reader.head()).rejects.toMatchObject({ name: 'ChainUnavailable' });
    await node.startAgain({ wallet: 'closed' });
    await expect
      .poll(async () => (await reader.pool?.read())?.txIds, WAIT)
      .toEqual(new Set(kept === 'kept' ? [txId] : []));
    expect(await headBlock()).toEqual(before);
    await node.openWallet();
  });

  it('finds the pool again after the node was stopped in order', async () => {
    const address = await node.newAddress();
    const txId = await node.send(address, '0.5');
    await pool();
    await node.stop();
    await expect(reader.pool?.read()).rejects.toMatchObject({ name: 'ChainUnavailable' });
    await node.startAgain();
    await expect.poll(async () => (await reader.pool?.read())?.txIds, WAIT).toEqual(new Set([txId]));
  });
});

describe.skipIf(!isHere)('extension blocks (MWEB)', () => {
  let node: LitecoinNode;
  beforeAll(async () => {
    node = await startLitecoinNode();
    await node.activateMweb();
  });
  afterAll(() => node.remove());

  it('are passed over, and coin that leaves them counts', async () => {
    const reader = createUtxoReader({
      network: 'LITECOIN',
      chain: 'regtest',
      asset: 'LTC',
      rpcUrls: [node.rpcUrl],
    });
    const { height } = await reader.head();
    const [first] = await reader.blocks(height, height);
    expect(first?.transfers.every(({ to }) => to.startsWith('rltc1q'))).toBe(true);

    // A second wallet that has coin in the extension blocks only.
    const address = await node.newAddress();
    await node.process.call('createwallet', 'hidden');
    await node.send(await node.process.walletCall('hidden', 'getnewaddress', '', 'mweb'), '5');
    const intoPool = await reader.pool?.read();
    expect(intoPool?.txIds.size).toBe(1);
    await node.mine(2);
    const txId = await node.process.walletCall<string>('hidden', 'sendtoaddress', address, '1.5');
    const waiting = await reader.pool?.read();
    expect(waiting?.txIds).toEqual(new Set([txId]));
    expect(waiting?.transfers).toEqual([]);

    await node.mine();
    const { height: mined } = await reader.head();
    const [block] = await reader.blocks(mined, mined);
    expect(block?.transfers).toMatchObject([{ to: address, amount: 150_000_000n, outputIndex: 1 }]);
  });
});
