import { createTestClient, getAddress, http, parseEther, publicActions, walletActions } from 'viem';
import { generatePrivateKey, mnemonicToAccount, privateKeyToAddress } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEvmCustody } from '../../src/adapters/chain/evm/custody/evm-custody.ts';
import { createUtxoSpender } from '../../src/adapters/chain/utxo/utxo-spender.ts';
import { createCustodyStore } from '../../src/adapters/db/custody-store.ts';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { signPsbtInputs } from '../../src/adapters/signer/psbt-signing.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import type { CustodyCheck } from '../../src/domain/custody/custody-check.ts';
import { custodyCompare, type CustodyCompare } from '../../src/usecases/custody/custody-compare.ts';
import { systemStamp } from '../../src/usecases/stamp-event.ts';
import { createChainFollower } from '../../src/workers/chain-watcher/follow-chain.ts';
import { openBooks, type Books } from '../fault/payouts/books.ts';
import { openEvmWorld } from '../fault/payouts/evm-world.ts';
import { openLitecoinWorld } from '../fault/payouts/litecoin-world.ts';
import { abandoned } from '../fault/payouts/mortal.ts';
import { litecoinAccount, openSender, type Round, type SenderSettings } from '../fault/payouts/sender.ts';
import type { World } from '../fault/payouts/world.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { litecoindIsHere } from '../testkit/litecoin-process.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { keptLog, shopOn } from './evm-readers.ts';
import { MNEMONIC } from './evm-spenders.ts';
import { openShop } from './watched-shop.ts';

const LONG = 120_000;
const clock = createMovableClock();

const comparing = (db: TestDatabase): CustodyCompare =>
  custodyCompare({
    store: createCustodyStore(db.pool),
    stamp: systemStamp({ ids, clock }),
    ids,
    // Looks are at times of their own.
    clock: { now: () => (clock.advance({ seconds: 1 }), clock.now()) },
    feed: { poke: () => undefined },
  });

const senderOn = (settings: SenderSettings, db: TestDatabase): Promise<Round> =>
  openSender(settings, abandoned(null), { pool: db.pool, clock, logger: keptLog() });

const differences = (checks: readonly CustodyCheck[] | null) =>
  checks?.map(({ asset, chain, ledger }) => [asset, chain - ledger]);

async function toldIn(db: TestDatabase): Promise<string[]> {
  const { rows } = await db.pool.query<{ told: string }>(
    `SELECT type || ' ' || (data->>'asset') || ' ' || (data->>'difference') AS told FROM event
     WHERE type LIKE 'custody.%' AND subject_type = 'CUSTODY' ORDER BY txid, seq`,
  );
  return rows.map(({ told }) => told);
}

const WORLDS = [
  { name: 'an EVM network', open: openEvmWorld, isHere: () => true },
  { name: 'a network of the Bitcoin family', open: openLitecoinWorld, isHere: litecoindIsHere },
] as const;

describe.each(WORLDS)('ledger and chain of $name', ({ open, isHere }) => {
  const canRun = isHere();
  let db: TestDatabase;
  let world: World;
  let books: Books;
  let compare: CustodyCompare;

  beforeAll(async () => {
    if (!canRun) return;
    db = await createTestDatabase();
    compare = comparing(db);
    world = await open(db.pool);
    books = openBooks(db.pool);
  });
  afterAll(async () => {
    await world?.stop();
    await db?.drop();
  });

  const look = () => compare(world.custody, new Map(Object.entries(world.ownFunds)));
  const agreed = () => world.assets.map((asset) => [asset, 0n]);

  /** A payment of each asset, and a payout of a part of it. */
  async function business(): Promise<void> {
    const owner = await books.owner();
    const wanted = world.assets.map((asset) => ({ asset, amount: 4n * (world.least[asset] ?? 0n) }));
    for (const [index, deposit] of (await world.deposit(wanted)).entries()) {
      await books.deposited(owner, deposit);
      const { asset, amount } = wanted[index] ?? { asset: '', amount: 0n };
      const [networkFee, fee] = [amount / 100n, amount / 200n];
      await books.queued({
        owner,
        asset,
        networkFee,
        fee,
        network: world.settings.network,
        origin: 'REQUEST',
        arrives: amount / 2n - networkFee - fee,
        to: await world.receiver(),
      });
    }
  }

  const isOver = async (): Promise<boolean> => {
    const { rows } = await db.pool.query<{ over: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM payout WHERE ended_at IS NULL)
         AND NOT EXISTS (SELECT FROM spend WHERE confirmed_at IS NULL) AS over`,
    );
    return rows[0]?.over ?? false;
  };

  it.skipIf(!canRun)(
    'agree at every moment of payments, payouts, sweeps and what they cost, also when a block is taken back',
    async () => {
      expect(differences(await look())).toEqual(agreed());
      await business();
      const round = await senderOn(world.settings, db);
      for (let rounds = 1; !(await isOver()); rounds += 1) {
        expect(rounds).toBeLessThan(20);
        await round();
        expect(differences(await look()), 'after a round').toEqual(agreed());
        await (rounds === 3 ? world.reorg() : world.mine(1));
        expect(differences(await look()), 'after a block').toEqual(agreed());
      }
      expect(await world.held(world.assets[0])).toBeGreaterThan(0n);
      expect(await toldIn(db)).toEqual([]);
    },
    LONG,
  );

  it.skipIf(!canRun)('are not compared at a block that the node does not have', async () => {
    await db.pool.query(`UPDATE chain_cursor SET hash = '0x' || repeat('0', 64)`);
    expect(await look()).toBeNull();
    await world.mine(1);
    expect(differences(await look())).toEqual(agreed());
  });

  it.skipIf(!canRun)('are written by the quicker one of two that look at once', async () => {
    const looks = await Promise.all([look(), look(), look()]);
    expect(looks.filter((each) => each !== null).length).toBeGreaterThan(0);
    const { rows } = await db.pool.query('SELECT asset FROM custody_check ORDER BY asset');
    expect(rows.map(({ asset }) => asset)).toEqual([...world.assets]);
  });
});

describe('what is taken from an EVM wallet with its key', () => {
  let db: TestDatabase;
  let world: World;
  beforeAll(async () => {
    db = await createTestDatabase();
    world = await openEvmWorld(db.pool);
  });
  afterAll(async () => {
    await world.stop();
    await db.drop();
  });

  const look = () => comparing(db)(world.custody, new Map(Object.entries(world.ownFunds)));
  const checkOf = async (asset: string) => (await look())?.find((each) => each.asset === asset);

  it('is told once, when the second look finds it too, and once when it is back', async () => {
    const client = createTestClient({ mode: 'anvil', transport: http(world.settings.rpcUrl) })
      .extend(publicActions)
      .extend(walletActions);
    const [bank] = await client.getAddresses();
    if (!bank) throw new Error('the chain has no accounts');
    const thief = mnemonicToAccount(MNEMONIC, { path: "m/44'/60'/0'/1/0" });
    expect((await checkOf('ETH'))?.differsSince).toBeNull();

    await client.sendTransaction({ account: thief, chain: null, to: bank, value: parseEther('3') });
    await world.mine(1);
    const first = await checkOf('ETH');
    expect(first).toMatchObject({ differsSince: first?.at, toldAt: null });
    expect(await toldIn(db)).toEqual([]);
    const second = await checkOf('ETH');
    expect(second).toMatchObject({ differsSince: first?.at, toldAt: second?.at });
    const missing = (second?.chain ?? 0n) - (second?.ledger ?? 0n);
    expect(missing).toBeLessThan(-parseEther('3'));
    await checkOf('ETH');
    expect(await toldIn(db)).toHaveLength(1);
    expect((await toldIn(db))[0]).toMatch(/^custody\.differs ETH -3\.0/);

    await client.sendTransaction({
      account: bank,
      chain: null,
      to: getAddress(thief.address),
      value: -missing,
    });
    await world.mine(1);
    expect(await checkOf('ETH')).toMatchObject({ differsSince: null, toldAt: null });
    await checkOf('ETH');
    expect((await toldIn(db)).slice(1)).toEqual(['custody.agrees ETH 0.000000000000000000']);
  });

  it('is seen among many addresses', async () => {
    const { rows } = await db.pool.query<{ height: string; hash: string }>(
      'SELECT height, hash FROM chain_cursor',
    );
    const block = { height: BigInt(rows[0]?.height ?? 0), hash: rows[0]?.hash ?? '' };
    const [deposit] = await world.deposit([{ asset: 'USDT', amount: 7_000_001n }]);
    const now = await db.pool.query<{ height: string; hash: string }>(
      'SELECT height, hash FROM chain_cursor',
    );
    const later = { height: BigInt(now.rows[0]?.height ?? 0), hash: now.rows[0]?.hash ?? '' };
    const others = Array.from({ length: 900 }, () => privateKeyToAddress(generatePrivateKey()));
    const places = { addresses: [...others, deposit?.address ?? ''], coins: [] };
    const own = world.ownFunds['USDT'] ?? 0n;
    expect((await world.custody.look(later, places, []))?.held.get('USDT')).toBe(own + 7_000_001n);
    // At the block of before it was not there.
    expect((await world.custody.look(block, places, []))?.held.get('USDT')).toBe(own);
  });
});

describe.skipIf(!litecoindIsHere())('what is taken from a wallet of the Bitcoin family with its key', () => {
  let db: TestDatabase;
  let world: World;
  beforeAll(async () => {
    db = await createTestDatabase();
    world = await openLitecoinWorld(db.pool);
  });
  afterAll(async () => {
    await world?.stop();
    await db?.drop();
  });

  it('is told', async () => {
    const look = () => comparing(db)(world.custody, new Map());
    const books = openBooks(db.pool);
    const [deposit] = await world.deposit([{ asset: 'LTC', amount: 50_000_000n }]);
    if (!deposit) throw new Error('no payment');
    await books.deposited(await books.owner(), deposit);
    await (
      await senderOn(world.settings, db)
    )();
    expect(differences(await look())).toEqual([['LTC', 0n]]);
    const { network, rpcUrl } = world.settings;
    const thief = createUtxoSpender({
      network,
      chain: 'regtest',
      asset: 'LTC',
      rpcUrls: [rpcUrl],
      xpub: litecoinAccount.publicExtendedKey,
      signer: {
        network,
        signHash: () => Promise.reject(new Error('of another family')),
        signPsbt: (psbt, paths) => Promise.resolve(signPsbtInputs(litecoinAccount, psbt, paths)),
      },
    });
    const transfer = { asset: 'LTC', to: await world.receiver(), amount: 30_000_000n };
    const place = await thief.place(transfer, createSpendStore(db.pool, ids));
    expect(await thief.broadcast((await thief.sign(transfer, place)).raw)).toBe('taken');
    // In the pool nothing is decided.
    expect(differences(await look())).toEqual([['LTC', 0n]]);
    await world.mine(1);
    // The change went to an output that the gateway knows nothing of.
    for (let looks = 0; looks < 3; looks += 1)
      expect(differences(await look())).toEqual([['LTC', -50_000_000n]]);
    expect(await toldIn(db)).toEqual(['custody.differs LTC -0.50000000']);
  });
});

describe('a payment that the watcher follows', () => {
  let chain: LocalChain;
  let db: TestDatabase;
  beforeAll(async () => {
    [chain, db] = await Promise.all([startLocalChain(), createTestDatabase()]);
  });
  afterAll(async () => {
    await chain.stop();
    await db.drop();
  });
  beforeEach(() => clock.advance({ seconds: 1 }));

  it(
    'counts from its first block on, once, and the gas that is sent for its sweep is no payment',
    async () => {
      const shop = await openShop(db, shopOn(chain));
      const custody = createEvmCustody({
        network: 'ETHEREUM',
        rpcUrls: [chain.rpcUrl],
        chainId: chain.chainId,
        assets: [
          { asset: 'ETH', contract: null },
          { asset: 'USDT', contract: chain.usdt },
        ],
        xpub: chain.xpub,
        logger: keptLog(),
      });
      const own = parseEther('2');
      await chain.sendNative(HOT_WALLET, own);
      await chain.mine(1);
      const { height } = await shop.reader().head();
      const network = { ...shop.watched(), rememberedBlocks: 128 };
      const watcher = createChainFollower(network, height, () => Promise.resolve());
      const never = new AbortController().signal;
      const look = async () => {
        await watcher.catchUp(never);
        return differences(await comparing(db)(custody, new Map([['ETH', own]])));
      };
      const agreed = [
        ['ETH', 0n],
        ['USDT', 0n],
      ];
      expect(await look()).toEqual(agreed);
      const invoice = await shop.invoice();
      await chain.sendToken(invoice.address, 10_000_000n);
      expect(await look()).toEqual(agreed);
      expect(await shop.standing(invoice.id)).not.toEqual(['CREDITED']);
      await chain.mine(3);
      expect(await look()).toEqual(agreed);
      expect(await shop.standing(invoice.id)).toEqual(['CREDITED']);

      const { rpcUrl, chainId, usdt, xpub } = chain;
      const round = await senderOn({ network: 'ETHEREUM', rpcUrl, chainId, usdt, xpub }, db);
      const swept = async () =>
        (await db.pool.query(`SELECT FROM spend WHERE kind = 'SWEEP' AND status = 'CONFIRMED'`)).rowCount;
      for (let rounds = 0; (await swept()) === 0; rounds += 1) {
        expect(rounds).toBeLessThan(12);
        await round();
        await chain.mine(1);
        expect(await look()).toEqual(agreed);
      }
      expect(await shop.standing(invoice.id)).toEqual(['CREDITED']);
      expect(await shop.unmatched()).toEqual([]);
    },
    LONG,
  );
});

const HOT_WALLET = mnemonicToAccount(MNEMONIC, { path: "m/44'/60'/0'/1/0" }).address;
