import { Transaction } from '@scure/btc-signer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChainUnavailable } from '../../src/usecases/ports/chain-reader.ts';
import { HotWalletShort, TransferRefused, type SpendSight } from '../../src/usecases/ports/chain-spender.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { litecoindIsHere } from '../testkit/litecoin-process.ts';
import { startLitecoinNode, type LitecoinNode } from '../testkit/litecoin-node.ts';
import { startCoreFront, type CoreFront } from './core-front.ts';
import { lookAt, NETWORK, openWallet, withoutEstimate } from './spending-wallet.ts';

type Mined = Extract<SpendSight, { readonly kind: 'MINED' }>;

const COIN = 100_000_000n;

/** What a node answers that cannot give blocks for now. */
const refusalOf = (methods: readonly string[]): string =>
  JSON.stringify(methods.map((_, id) => ({ id, result: null, error: { code: -1, message: 'not now' } })));

describe.skipIf(!litecoindIsHere())('spending on a network of the Bitcoin family', () => {
  let node: LitecoinNode;
  let db: TestDatabase;
  let front: CoreFront;
  let wallet: ReturnType<typeof openWallet>;

  beforeAll(async () => {
    [node, db] = await Promise.all([startLitecoinNode(), createTestDatabase()]);
    front = await startCoreFront(node.rpcUrl);
  });
  afterAll(async () => {
    await front?.down();
    await node?.remove();
    await db?.drop();
  });

  beforeEach(async () => {
    await db.pool.query('TRUNCATE coin, spend, spend_transaction');
    front.before(() => Promise.resolve(null));
    front.rewrite(withoutEstimate);
    wallet = openWallet(node, db, [front.url]);
  });

  const received = async (address: string): Promise<bigint> =>
    BigInt(Math.round((await node.call<number>('getreceivedbyaddress', address, 0)) * 1e8));

  const poolIds = (): Promise<string[]> => node.call('getrawmempool');

  const mined = (sight: SpendSight): Mined => {
    if (sight.kind !== 'MINED') throw new Error(`not mined: ${sight.kind}`);
    return sight;
  };

  it('pays addresses of every form exactly, and says what it cost', async () => {
    await wallet.fund('1', '1', '1', '1');
    for (const form of ['bech32', 'p2sh-segwit', 'legacy']) {
      const address = await node.call<string>('getnewaddress', '', form);
      const sent = await wallet.pay(address, 12_345_679n);
      expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'POOL', txId: sent.signed.txId });
      const [hash] = await node.mine();
      await node.mine(2);
      expect(await received(address)).toBe(12_345_679n);
      const { height } = await wallet.reader.head();
      expect(await lookAt(wallet.spender, sent)).toEqual({
        kind: 'MINED',
        txId: sent.signed.txId,
        height: height - 2n,
        hash,
        confirmations: 3,
        succeeded: true,
        feePaid: sent.signed.maxFee,
      });
      const { vsize } = Transaction.fromRaw(sent.signed.raw);
      // 20 units a byte, less the odd signature that comes out shorter.
      expect(Number(sent.signed.maxFee) / vsize).toBeCloseTo(20, 0);
    }
  });

  it('spends the coins of many addresses together', async () => {
    const coins = await wallet.fund('0.1', '0.2', '0.3', '0.4');
    const address = await node.newAddress();
    const sent = await wallet.pay(address, (COIN * 95n) / 100n);
    expect(sent.place).toEqual({ family: 'UTXO', coins: expect.arrayContaining([...coins]) });
    await node.mine();
    expect(mined(await lookAt(wallet.spender, sent)).feePaid).toBe(sent.signed.maxFee);
    expect(await received(address)).toBe((COIN * 95n) / 100n);
  });

  it('gets its change back as a coin, and spends it', async () => {
    await wallet.fund('1');
    const first = await wallet.pay(await node.newAddress(), COIN / 4n);
    expect(await wallet.store.freeCoins(NETWORK, 10)).toEqual([]);
    await node.mine();
    const sight = mined(await lookAt(wallet.spender, first));
    const spend = await wallet.openSpend(first.signed.txId);
    const end = { spend, sight, entries: [], events: [], at: new Date() };
    expect(await wallet.store.ended(end)).toBe(true);
    const [coin] = await wallet.store.freeCoins(NETWORK, 10);
    expect(coin).toEqual({
      id: coin?.id,
      txId: first.signed.txId,
      outputIndex: first.signed.change?.outputIndex,
      amount: COIN - COIN / 4n - first.signed.maxFee,
      path: '1/0',
      address: null,
    });
    const second = await wallet.pay(await node.newAddress(), COIN / 2n);
    await node.mine();
    expect(mined(await lookAt(wallet.spender, second)).feePaid).toBe(second.signed.maxFee);
  });

  it('uses no coin twice, whoever signs at the same time', async () => {
    await wallet.fund('1', '2');
    const address = await node.newAddress();
    const sent = await Promise.all(Array.from({ length: 10 }, () => wallet.sign(address, COIN / 2n)));
    const kept = await Promise.all(sent.map((each) => wallet.keep(each)));
    expect(kept.filter(Boolean)).toHaveLength(1);
    // The other coin is left, and then none.
    await wallet.pay(await node.newAddress(), COIN / 2n);
    await expect(wallet.sign(address, COIN / 2n)).rejects.toBeInstanceOf(HotWalletShort);
  });

  it('pays more for the same payment, and one of the two is mined', async () => {
    await wallet.fund('1');
    const address = await node.newAddress();
    const sent = await wallet.pay(address, COIN / 4n);
    const { spender } = wallet;
    const higher = await spender.outbid(sent.transfer, sent.place, sent.signed);
    if (!higher?.change || !sent.signed.change) throw new Error('no higher one');
    expect(higher.feeRate).toBeGreaterThan((sent.signed.feeRate * 5n) / 4n - 200n);
    expect(higher.change.amount + higher.maxFee).toBe(sent.signed.change.amount + sent.signed.maxFee);
    const spend = await wallet.openSpend(sent.signed.txId);
    expect(await wallet.store.outbid(spend, crypto.randomUUID(), higher, new Date())).toBe(true);
    expect(await spender.broadcast(higher.raw)).toBe('taken');
    const txIds = [sent.signed.txId, higher.txId];
    expect(await spender.look(sent.place, txIds)).toEqual({ kind: 'POOL', txId: higher.txId });
    // The first one cannot come back.
    expect(await spender.broadcast(sent.signed.raw)).toBe('unknown');
    await node.mine();
    expect(mined(await spender.look(sent.place, txIds))).toMatchObject({
      txId: higher.txId,
      feePaid: higher.maxFee,
    });
    expect(await received(address)).toBe(COIN / 4n);
  });

  it('is outbid by the first one when a miner took that', async () => {
    await wallet.fund('1');
    const sent = await wallet.pay(await node.newAddress(), COIN / 4n);
    const higher = await wallet.spender.outbid(sent.transfer, sent.place, sent.signed);
    if (!higher) throw new Error('no higher one');
    await node.mine();
    expect(await wallet.spender.broadcast(higher.raw)).toBe('unknown');
    const sight = await wallet.spender.look(sent.place, [sent.signed.txId, higher.txId]);
    expect(mined(sight).txId).toBe(sent.signed.txId);
  });

  it('is the same payment when it is given to the node again', async () => {
    await wallet.fund('1');
    const address = await node.newAddress();
    const { signed } = await wallet.pay(address, COIN / 4n);
    expect(await wallet.spender.broadcast(signed.raw)).toBe('taken');
    await node.mine();
    expect(await wallet.spender.broadcast(signed.raw)).toBe('taken');
    await node.mine();
    expect(await received(address)).toBe(COIN / 4n);
  });

  it('is found when the answer to it was lost', async () => {
    await wallet.fund('1');
    const address = await node.newAddress();
    const sent = await wallet.sign(address, COIN / 4n);
    expect(await wallet.keep(sent)).toBe(true);
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'UNSEEN' });
    front.before(async (methods) => {
      if (!methods.includes('sendrawtransaction')) return null;
      await node.call('sendrawtransaction', Buffer.from(sent.signed.raw).toString('hex'));
      return { status: 502 };
    });
    expect(await wallet.spender.broadcast(sent.signed.raw)).toBe('unknown');
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'POOL', txId: sent.signed.txId });
    await node.mine();
    expect(mined(await lookAt(wallet.spender, sent)).confirmations).toBe(1);
  });

  it('leaves its block with a reorg, and is mined again', async () => {
    await wallet.fund('1');
    const sent = await wallet.pay(await node.newAddress(), COIN / 4n);
    const [first] = await node.mine();
    expect(mined(await lookAt(wallet.spender, sent)).hash).toBe(first);
    await node.invalidate(first ?? '');
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'POOL', txId: sent.signed.txId });
    const [second] = await node.mine();
    expect(second).not.toBe(first);
    expect(mined(await lookAt(wallet.spender, sent))).toMatchObject({ hash: second, confirmations: 1 });
  });

  it('waits for its coins when a reorg took them out of their block', async () => {
    await wallet.fund('1');
    const sent = await wallet.sign(await node.newAddress(), COIN / 4n);
    const tip = await node.call<string>('getbestblockhash');
    await node.invalidate(tip);
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'UNSEEN' });
    await node.mine();
    expect(await wallet.spender.broadcast(sent.signed.raw)).toBe('taken');
  });

  it('is found without change, also when the payee has spent it', async () => {
    const [coin] = await wallet.fund('1');
    // One input and one output: 110 virtual bytes.
    const address = await node.newAddress();
    const sent = await wallet.pay(address, COIN - 2_200n);
    expect(sent.signed).toMatchObject({ change: null, maxFee: 2_200n });
    expect(sent.place).toEqual({ family: 'UTXO', coins: [coin] });
    expect(await wallet.spender.outbid(sent.transfer, sent.place, sent.signed)).toBeNull();
    const [hash] = await node.mine();
    const inputs = [{ txid: sent.signed.txId, vout: 0 }];
    const raw = await node.call<string>('createrawtransaction', inputs, [{ [await node.newAddress()]: 0.9 }]);
    const { hex } = await node.call<{ hex: string }>('signrawtransactionwithwallet', raw);
    await node.call('sendrawtransaction', hex, 0);
    await node.mine(11);
    const sight = mined(await lookAt(wallet.spender, sent));
    expect(sight).toMatchObject({ hash, confirmations: 12, feePaid: 2_200n });
    // The place is remembered, as long as the chain has it.
    front.calls.length = 0;
    expect(await lookAt(wallet.spender, sent)).toEqual(sight);
    expect(front.calls).not.toContain('getblock');
    await node.invalidate(hash ?? '');
    await node.mine();
    // So deep a reorg leaves nothing in the pool: it is sent again.
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'UNSEEN' });
    expect(await wallet.spender.broadcast(sent.signed.raw)).toBe('taken');
    await node.mine(2);
    expect(mined(await lookAt(wallet.spender, sent)).confirmations).toBe(2);
  });

  it('says when somebody else used the coins', async () => {
    await wallet.fund('1');
    const sent = await wallet.sign(await node.newAddress(), COIN / 4n);
    const transfer = { ...sent.transfer, to: await node.newAddress() };
    const other = await wallet.spender.sign(transfer, sent.place);
    await node.mineExactly([Buffer.from(other.raw).toString('hex')]);
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'FOREIGN' });
    expect(await wallet.spender.broadcast(sent.signed.raw)).toBe('unknown');
    front.calls.length = 0;
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'FOREIGN' });
    // What was searched is not searched again.
    expect(front.calls).not.toContain('getblock');
  });

  it('chooses no coin that the chain does not have any more, and forgets it when that is final', async () => {
    wallet = openWallet(node, db, [front.url], { finalBlocks: 3 });
    const [moved] = await wallet.fund('3');
    const [left] = await wallet.fund('1');
    const address = await node.newAddress();
    const byHand = await wallet.sign(address, 2n * COIN);
    expect(byHand.place).toEqual({ family: 'UTXO', coins: [moved] });
    const raw = Buffer.from(byHand.signed.raw).toString('hex');
    await node.call('sendrawtransaction', raw);
    const free = async () => (await wallet.store.freeCoins(NETWORK, 10)).map(({ id }) => id);
    // In the pool already.
    expect((await wallet.sign(address, COIN / 2n)).place).toEqual({ family: 'UTXO', coins: [left] });
    await expect(wallet.sign(address, 2n * COIN)).rejects.toBeInstanceOf(HotWalletShort);
    await node.mine(5);
    await expect(wallet.sign(address, 2n * COIN)).rejects.toBeInstanceOf(HotWalletShort);
    expect(await free()).toEqual([moved?.id, left?.id]);
    await node.mine(2);
    await expect(wallet.sign(address, 2n * COIN)).rejects.toBeInstanceOf(HotWalletShort);
    expect(await free()).toEqual([left?.id]);
  });

  it('chooses a coin again that a reorg took out of its block', async () => {
    const [coin] = await wallet.fund('1');
    const address = await node.newAddress();
    await node.invalidate(await node.call<string>('getbestblockhash'));
    await expect(wallet.sign(address, COIN / 2n)).rejects.toBeInstanceOf(HotWalletShort);
    await node.mine();
    expect((await wallet.sign(address, COIN / 2n)).place).toEqual({ family: 'UTXO', coins: [coin] });
  });

  it('chooses no coin of an address that a former account key gave', async () => {
    const [former] = await wallet.fund('3');
    const [own] = await wallet.fund('1');
    const address = await node.newAddress();
    await db.pool.query('UPDATE coin SET address = $2 WHERE id = $1', [former?.id, address]);
    expect((await wallet.sign(address, COIN / 2n)).place).toEqual({ family: 'UTXO', coins: [own] });
    await expect(wallet.sign(address, 2n * COIN)).rejects.toBeInstanceOf(HotWalletShort);
  });

  it('uses no coin that one of its nodes misses, and forgets it by no word of one', async () => {
    wallet = openWallet(node, db, [node.rpcUrl, front.url], { finalBlocks: 2 });
    const [coin] = await wallet.fund('1');
    const address = await node.newAddress();
    front.rewrite((method, result) => (method === 'gettxout' ? null : withoutEstimate(method, result)));
    for (let block = 0; block < 4; block += 1) {
      await expect(wallet.sign(address, COIN / 2n)).rejects.toBeInstanceOf(HotWalletShort);
      await node.mine();
    }
    expect((await wallet.store.freeCoins(NETWORK, 10)).map(({ id }) => id)).toEqual([coin?.id]);
    front.rewrite(withoutEstimate);
    expect((await wallet.sign(address, COIN / 2n)).place).toEqual({ family: 'UTXO', coins: [coin] });
  });

  it('finds a coin again that all its nodes missed', async () => {
    wallet = openWallet(node, db, [front.url], { finalBlocks: 2 });
    const [coin] = await wallet.fund('1');
    const address = await node.newAddress();
    front.rewrite((method, result) => (method === 'gettxout' ? null : withoutEstimate(method, result)));
    for (let block = 0; block < 3; block += 1) {
      await expect(wallet.sign(address, COIN / 2n)).rejects.toBeInstanceOf(HotWalletShort);
      await node.mine();
    }
    expect(await wallet.store.freeCoins(NETWORK, 10)).toEqual([]);
    front.rewrite(withoutEstimate);
    expect((await wallet.sign(address, COIN / 2n)).place).toEqual({ family: 'UTXO', coins: [coin] });
    expect(await wallet.store.goneCoins(NETWORK, 10)).toEqual([]);
  });

  it('is not taken for used by others where a node could not give a block', async () => {
    await wallet.fund('1');
    const sent = await wallet.pay(await node.newAddress(), COIN / 2n);
    await node.mine();
    front.rewrite((method, result) => (method === 'gettxout' ? null : withoutEstimate(method, result)));
    front.before((methods) =>
      Promise.resolve(methods.includes('getblock') ? { status: 200, body: refusalOf(methods) } : null),
    );
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'FOREIGN' });
    front.before(() => Promise.resolve(null));
    expect(mined(await lookAt(wallet.spender, sent)).confirmations).toBe(1);
  });

  it('is proved to be void when another transaction used a coin of it, and that is final', async () => {
    const [coin] = await wallet.fund('1');
    if (!coin) throw new Error('no coin');
    const blockHash = await node.call<string>('getbestblockhash');
    const since = new Date();
    const sent = await wallet.sign(await node.newAddress(), COIN / 4n);
    const place = { family: 'UTXO', coins: [{ ...coin, blockHash }] } as const;
    const isVoid = (of: typeof sent.place = place) =>
      wallet.spender.usedElsewhere(of, [sent.signed.txId], since, 3);
    expect(await isVoid()).toBe(false);
    const other = await wallet.spender.sign({ ...sent.transfer, to: await node.newAddress() }, sent.place);
    const [hash] = [await node.mineExactly([Buffer.from(other.raw).toString('hex')])];
    expect(await isVoid()).toBe(false);
    await node.mine(1);
    expect(await isVoid()).toBe(false);
    await node.mine(1);
    expect(await isVoid()).toBe(true);
    // Of a coin that may never have been there nothing is proved, nor of one whose blocks were not all searched.
    expect(await isVoid(sent.place)).toBe(false);
    const long = openWallet(node, db, [front.url], { searchedBlocks: 2 });
    await long.spender.usedElsewhere(place, [sent.signed.txId], since, 1);
    expect(await long.spender.usedElsewhere(place, [sent.signed.txId], since, 1)).toBe(false);
    // A reorg takes it back.
    await node.invalidate(hash);
    await node.mine(4);
    expect(await isVoid()).toBe(false);
  });

  it('is never void when it is our own that was mined', async () => {
    await wallet.fund('1');
    const blockHash = await node.call<string>('getbestblockhash');
    const sent = await wallet.pay(await node.newAddress(), COIN / 4n);
    if (sent.place.family !== 'UTXO') throw new Error('no coins');
    const place = {
      family: 'UTXO',
      coins: sent.place.coins.map((each) => ({ ...each, blockHash })),
    } as const;
    for (let blocks = 0; blocks < 4; blocks += 1) {
      await node.mine();
      expect(await wallet.spender.usedElsewhere(place, [sent.signed.txId], new Date(), 2)).toBe(false);
    }
  });

  it('is short before anything is signed, and sends no dust', async () => {
    await wallet.fund('0.001', '0.0005');
    const address = await node.newAddress();
    for (const amount of [150_000n, COIN]) {
      await expect(wallet.sign(address, amount)).rejects.toBeInstanceOf(HotWalletShort);
    }
    await expect(wallet.sign(address, 2_939n)).rejects.toBeInstanceOf(TransferRefused);
    await expect(wallet.sign(wallet.spender.hotAddress, 10_000n)).rejects.toBeInstanceOf(TransferRefused);
    await expect(wallet.sign(address, 2_940n)).resolves.toBeDefined();
    const { rows } = await db.pool.query('SELECT id FROM coin WHERE spend_id IS NOT NULL');
    expect(rows).toEqual([]);
    expect(await poolIds()).toEqual([]);
  });

  it('pays what the node says, within the bounds', async () => {
    const told = { feerate: 0.0005, blocks: 12 };
    front.rewrite((method, result) => (method === 'estimatesmartfee' ? told : result));
    const plain = 209n;
    expect(await wallet.spender.estimate('LTC')).toBe(plain * 50n);
    told.feerate = 0.9;
    expect(await wallet.spender.estimate('LTC')).toBe(plain * 500n);
    told.feerate = 0.000001;
    expect(await wallet.spender.estimate('LTC')).toBe(plain);
    // What it says is enough is not outbid; more is.
    await wallet.fund('1');
    told.feerate = 0.0001;
    const sent = await wallet.pay(await node.newAddress(), COIN / 4n);
    expect(await wallet.spender.outbid(sent.transfer, sent.place, sent.signed)).toBeNull();
    told.feerate = 0.0002;
    const higher = await wallet.spender.outbid(sent.transfer, sent.place, sent.signed);
    expect(higher && (await wallet.spender.broadcast(higher.raw))).toBe('taken');
    await node.mine();
  });

  it('guesses nothing while no node answers', async () => {
    await wallet.fund('1');
    const sent = await wallet.sign(await node.newAddress(), COIN / 4n);
    await front.down();
    await expect(lookAt(wallet.spender, sent)).rejects.toBeInstanceOf(ChainUnavailable);
    await expect(wallet.spender.estimate('LTC')).rejects.toBeInstanceOf(ChainUnavailable);
    await expect(wallet.sign(await node.newAddress(), COIN / 4n)).rejects.toBeInstanceOf(ChainUnavailable);
    expect(await wallet.spender.broadcast(sent.signed.raw)).toBe('unknown');
    await front.up();
    expect(await lookAt(wallet.spender, sent)).toEqual({ kind: 'UNSEEN' });
  });
});
