import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChainStore } from '../../src/adapters/db/chain-store.ts';
import type { ChainStore } from '../../src/usecases/ports/chain-store.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

const AT = new Date('2026-11-21T08:00:00Z');
const KEEP = 3;

let db: TestDatabase;
let store: ChainStore;
beforeAll(async () => {
  db = await createTestDatabase();
  store = createChainStore(db.pool);
});
afterAll(() => db.drop());

const ref = (height: bigint, fork = 'a') => ({ height, hash: `0x${fork}${height}` });

async function read(network: string, ...heights: bigint[]): Promise<void> {
  for (const height of heights) await store.advance(network, ref(height), KEEP, AT);
}

const remembered = (network: string, ...heights: bigint[]) =>
  Promise.all(heights.map((height) => store.hashAt(network, height)));

it('has no cursor before the first block, and keeps the networks apart', async () => {
  expect(await store.cursor('ETHEREUM')).toBeNull();
  await read('ETHEREUM', 7n);
  expect(await store.cursor('ETHEREUM')).toEqual(ref(7n));
  expect(await store.cursor('CRONOS')).toBeNull();
});

it('remembers as many hashes as it is told', async () => {
  await read('KEEP', 1n, 2n, 3n, 4n, 5n);
  expect(await remembered('KEEP', 2n, 3n, 4n, 5n)).toEqual([null, '0xa3', '0xa4', '0xa5']);
});

it('moves by one block only: a watcher that lost its leadership cannot move it elsewhere', async () => {
  await read('FENCED', 5n, 6n);
  await read('FENCED', 6n);
  for (const stale of [ref(6n, 'b'), ref(5n), ref(8n)]) {
    await expect(store.advance('FENCED', stale, KEEP, AT)).rejects.toThrow('the cursor is not one below');
  }
  expect(await store.cursor('FENCED')).toEqual(ref(6n));
  expect(await remembered('FENCED', 5n, 6n, 8n)).toEqual(['0xa5', '0xa6', null]);
});

it('rewinds to an ancestor and forgets what was above', async () => {
  await read('REWOUND', 5n, 6n, 7n);
  await store.rewind('REWOUND', ref(7n), ref(5n), AT);
  expect(await store.cursor('REWOUND')).toEqual(ref(5n));
  expect(await remembered('REWOUND', 5n, 6n, 7n)).toEqual(['0xa5', null, null]);
  await store.advance('REWOUND', ref(6n, 'b'), KEEP, AT);
  expect(await store.cursor('REWOUND')).toEqual(ref(6n, 'b'));
  for (const elsewhere of [ref(7n), ref(6n)]) {
    await expect(store.rewind('REWOUND', elsewhere, ref(5n), AT)).rejects.toThrow(
      'the cursor is not at block',
    );
  }
  expect(await store.cursor('REWOUND')).toEqual(ref(6n, 'b'));
});

it('is caught up only as its cursor says, and no longer after a rewind', async () => {
  const upTo = async () => {
    const { rows } = await db.pool.query<{ updated_at: Date }>(
      `SELECT updated_at FROM chain_cursor WHERE network = 'CAUGHT'`,
    );
    return rows[0]?.updated_at;
  };
  await read('CAUGHT', 5n, 6n);
  expect(await upTo()).toEqual(new Date(0));
  await store.caughtUp('CAUGHT', ref(6n, 'b'), AT);
  await store.caughtUp('CAUGHT', ref(5n), AT);
  expect(await upTo()).toEqual(new Date(0));
  await store.caughtUp('CAUGHT', ref(6n), AT);
  await store.caughtUp('CAUGHT', ref(6n), new Date(AT.getTime() - 1));
  await read('CAUGHT', 7n);
  expect(await upTo()).toEqual(AT);
  await store.rewind('CAUGHT', ref(7n), ref(6n), AT);
  expect(await upTo()).toEqual(new Date(0));
});

it('steps back to read again, and keeps what is above until another block takes its place', async () => {
  await read('AGAIN', 5n, 6n, 7n);
  await store.stepBack('AGAIN', ref(7n), ref(5n));
  expect(await store.cursor('AGAIN')).toEqual(ref(5n));
  expect(await remembered('AGAIN', 5n, 6n, 7n)).toEqual(['0xa5', '0xa6', '0xa7']);
  await expect(store.stepBack('AGAIN', ref(7n), ref(5n))).rejects.toThrow('the cursor is not at block');
  await read('AGAIN', 6n);
  expect(await remembered('AGAIN', 6n, 7n)).toEqual(['0xa6', '0xa7']);
  await store.stepBack('AGAIN', ref(6n), ref(5n));
  await store.advance('AGAIN', ref(6n, 'b'), KEEP, AT);
  expect(await remembered('AGAIN', 6n, 7n)).toEqual(['0xb6', null]);
});

it('knows the addresses that were given out, for whatever network and owner, and those only', async () => {
  const given = '01900000-0000-7000-8000-000000000001';
  const elsewhere = '01900000-0000-7000-8000-000000000002';
  await db.pool.query(
    `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, static_wallet_id,
       assigned_at) VALUES
       (gen_random_uuid(), 'ETHEREUM', '0xGiven', 0, $1, NULL, now()),
       (gen_random_uuid(), 'ETHEREUM', '0xFree', 1, NULL, NULL, NULL),
       (gen_random_uuid(), 'CRONOS', '0xElsewhere', 0, NULL, $2, now())`,
    [given, elsewhere],
  );
  const found = await store.watched(['0xGiven', '0xFree', '0xElsewhere', '0xNobody']);
  expect(found.toSorted((a, b) => a.network.localeCompare(b.network))).toEqual([
    { address: '0xElsewhere', network: 'CRONOS', owner: { staticWalletId: elsewhere } },
    { address: '0xGiven', network: 'ETHEREUM', owner: { invoiceId: given } },
  ]);
});

it('keeps what was told of a network until something else is told', async () => {
  const nothing = {
    height: null,
    head: null,
    finalized: null,
    lastError: null,
    lastErrorAt: null,
    stopped: false,
    updatedAt: null,
  };
  const told = async () => (await db.pool.query(`SELECT * FROM chain_status WHERE network = 'TOLD'`)).rows;
  await store.report('TOLD', { ...nothing, lastError: 'down', lastErrorAt: AT });
  await store.report('TOLD', { ...nothing, height: 4n, head: 6n, finalized: 3n, updatedAt: AT });
  await store.report('TOLD', { ...nothing, stopped: true });
  expect(await told()).toEqual([
    {
      network: 'TOLD',
      height: '4',
      head: '6',
      finalized: '3',
      last_error: 'down',
      last_error_at: AT,
      stopped: true,
      updated_at: AT,
    },
  ]);
});
