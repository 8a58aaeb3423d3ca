import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import { createFakeChain, transferTo, type FakeChain } from './fake-chain.ts';
import { openFollowedShop, type FollowedShop } from './followed-shop.ts';
import { DUE, type WatcherOptions } from './watched-shop.ts';

const LONG = 180_000;

let db: TestDatabase;
let base = 0n;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

beforeEach(async () => {
  await db.pool.query('DELETE FROM chain_cursor; DELETE FROM unmatched_transfer');
});

class Killed extends Error {
  override readonly name = 'Killed';
}

/** What a watcher works with that ends right after its write number `last`, however often it is tried again. */
function endingAfter(last: number, shop: FollowedShop): { options: WatcherOptions; ended: () => boolean } {
  let written = 0;
  const ending =
    <In extends readonly unknown[]>(write: (...input: In) => Promise<void>) =>
    async (...input: In): Promise<void> => {
      if (written >= last) throw new Killed();
      await write(...input);
      written += 1;
      if (written >= last) throw new Killed();
    };
  const { store, steps } = shop;
  const options: WatcherOptions = {
    store: {
      ...store,
      advance: ending(store.advance),
      rewind: ending(store.rewind),
      stepBack: ending(store.stepBack),
      caughtUp: ending(store.caughtUp),
    },
    steps: {
      observe: ending(steps.observe),
      confirm: ending(steps.confirm),
      orphan: ending(steps.orphan),
    },
    recordUnmatched: ending(shop.recordUnmatched),
  };
  return { options, ended: () => written >= last };
}

/** One course of events: what the chain does, and between its turns the watcher. */
interface Course {
  readonly turns: readonly (() => void)[];
  facts(): Promise<object>;
}

async function course(): Promise<{ shop: FollowedShop; chain: FakeChain } & Course> {
  await db.pool.query('DELETE FROM chain_cursor; DELETE FROM unmatched_transfer');
  base += 1000n;
  const chain = createFakeChain({ base });
  const shop = await openFollowedShop(db, chain);
  const invoices = [await shop.invoice(), await shop.invoice(), await shop.invoice(), await shop.invoice()];
  const [kept, lost, moved, pooled] = invoices.map(({ address }) => transferTo(address, DUE));
  if (!kept || !lost || !moved || !pooled) throw new Error('no payments');
  const token = transferTo(kept.to, 7n, { txId: 'token', asset: null, contract: '0xToken' });
  const turns = [
    () => {
      chain.offer(pooled);
      chain.mine([kept]);
    },
    () => chain.mine([lost, token], [moved], [], []),
    () => {
      chain.reorg(4, [moved], [], [pooled], [], []);
    },
    () => chain.mine([], []),
  ];
  const facts = async () => ({
    payments: (await Promise.all(invoices.map(({ id }) => shop.payments(id)))).map((list) =>
      list.map((payment) => payment.replace(/@\d+×\d+$/, '')),
    ),
    statuses: await Promise.all(invoices.map(({ id }) => shop.invoiceStatus(id))),
    balances: await shop.balances(),
    unmatched: (await shop.unmatched()).map((row) => row.replace(/@\d+/, '')),
  });
  return { shop, chain, turns, facts };
}

const UNDISTURBED = {
  payments: [['CREDITED'], ['ORPHANED'], ['CREDITED'], ['CREDITED']],
  statuses: ['PAID', 'CREATED', 'PAID', 'PAID'],
  balances: { PENDING: '0', AVAILABLE: '30000000', sum: '0' },
  unmatched: ['UNKNOWN_TOKEN token'],
};

describe('a watcher that ends right after a write', () => {
  it(
    'leaves nothing that the next one does not bring to the same end, whichever write it is',
    { timeout: LONG },
    async () => {
      const undisturbed = await course();
      const watcher = undisturbed.shop.follower();
      for (const turn of undisturbed.turns) {
        turn();
        await watcher.catchUp();
      }
      expect(await undisturbed.facts()).toEqual(UNDISTURBED);

      let crashes = 0;
      for (let last = 1; ; last += 1) {
        const { shop, turns, facts } = await course();
        const { options, ended } = endingAfter(last, shop);
        let alive = shop.follower(options);
        for (const turn of turns) {
          turn();
          await alive.catchUp().catch(() => undefined);
          if (!ended()) continue;
          // The next one leads from here on.
          alive = shop.follower();
          await alive.catchUp();
        }
        expect(await facts(), `after write ${last}`).toEqual(UNDISTURBED);
        if (!ended()) break;
        crashes += 1;
      }
      expect(crashes).toBeGreaterThan(25);
      await expectLedgerInBalance(db.pool);
    },
  );

  it(
    'within a reorganisation that turns back before the next one leads leaves everything as it was',
    { timeout: LONG },
    async () => {
      let crashes = 0;
      for (let last = 1; ; last += 1) {
        const { shop, chain, turns, facts } = await course();
        const [before, mined] = turns;
        before?.();
        mined?.();
        await shop.follower().catchUp();
        const was = await facts();
        const { options, ended } = endingAfter(last, shop);
        const turnBack = chain.reorg(4, [], [], [], [], []);
        await shop
          .follower(options)
          .catchUp()
          .catch(() => undefined);
        turnBack();
        chain.mine([], []);
        await shop.follower().catchUp();
        expect(await facts(), `after write ${last}`).toEqual(was);
        if (!ended()) break;
        crashes += 1;
      }
      expect(crashes).toBeGreaterThan(8);
      await expectLedgerInBalance(db.pool);
    },
  );
});
