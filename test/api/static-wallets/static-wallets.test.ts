import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDepositAddresses } from '../../../src/adapters/db/deposit-addresses.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { encodeEventCursor } from '../../../src/domain/event/event-cursor.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { connectSse } from '../../testkit/live-clients.ts';
import { attempt } from '../../testkit/outcome.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote } from '../../testkit/shop.ts';
import { statementsDuring } from '../../testkit/statements.ts';
import { join, stepUp } from '../../testkit/team.ts';
import { make } from '../api-key/key-shop.ts';
import {
  activate,
  ADDRESSES_ONLY,
  block,
  createWallet,
  deposit,
  tryDeposit,
  tryWallet,
  walletKey,
} from './wallet-shop.ts';

const kit = usePlatform({ env: ADDRESSES_ONLY });
const NOWHERE = globalIdOf('StaticWallet', '019a0000-0000-7000-8000-000000000000');

let merchant: DemoMerchant;
let live: ApiClient;
let api: ApiClient;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  merchant = await openMerchant(kit.platform, `ada${merchants}@shop.example`);
  api = await walletKey(kit.platform, merchant);
  live = await walletKey(kit.platform, merchant, 'LIVE');
});

const counts = () =>
  rowCounts(kit.database.pool, ['static_wallet', 'payment', 'posting', 'event', 'ledger_transaction']);
async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await counts();
  await work();
  expect(await counts()).toEqual(before);
}
const given = async () => {
  const { rows } = await kit.database.pool.query<{ address: string; static_wallet_id: string | null }>(
    'SELECT address, static_wallet_id FROM deposit_address WHERE assigned_at IS NOT NULL ORDER BY derivation_index',
  );
  return rows;
};

describe('a static wallet', () => {
  test('has an address of its own, and asked for again it is the same', async () => {
    const wallet = await createWallet(live, { label: 'Ada' });
    expect(wallet).toMatchObject({
      mode: 'LIVE',
      network: 'ETHEREUM',
      customerRef: 'customer-1',
      label: 'Ada',
      status: 'ACTIVE',
      blockedAt: null,
      address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
    });
    await unchanged(async () => {
      expect(await createWallet(live, { label: 'Another' })).toEqual(wallet);
    });
    expect(await eventTypes(kit.database.pool, wallet.id)).toEqual(['static_wallet.created']);
    const another = await createWallet(live, { customerRef: 'customer-2' });
    expect(another.address).not.toBe(wallet.address);
    expect((await given()).filter((row) => row.static_wallet_id === rowIdOf(wallet.id))).toEqual([
      { address: wallet.address, static_wallet_id: rowIdOf(wallet.id) },
    ]);
  });

  test('of TEST mode has an address that no wallet accepts, and is another one than that of LIVE mode', async () => {
    const before = await given();
    const wallet = await createWallet(api);
    expect(wallet).toMatchObject({ mode: 'TEST', address: `TEST-ETHEREUM-${rowIdOf(wallet.id)}` });
    expect(await given()).toEqual(before);
    expect((await createWallet(live)).id).not.toBe(wallet.id);
    // Any network, since no chain is touched.
    expect((await createWallet(api, { network: 'LITECOIN' })).id).not.toBe(wallet.id);
  });

  test('of ten requests at once is one, with one address', async () => {
    const before = await given();
    const wallets = await Promise.all(Array.from({ length: 10 }, () => createWallet(live)));
    expect(new Set(wallets.map(({ id, address }) => `${id} ${address}`)).size).toBe(1);
    expect(await given()).toHaveLength(before.length + 1);
    expect(await eventTypes(kit.database.pool, wallets[0]?.id ?? '')).toEqual(['static_wallet.created']);
  });

  test('never shares an address: wallets and invoices take them at once', async () => {
    const before = await given();
    const invoices = await Promise.all(Array.from({ length: 10 }, () => createInvoice(merchant.live)));
    const taken = await Promise.all([
      ...Array.from({ length: 20 }, (_, i) => createWallet(live, { customerRef: `customer-${i}` })),
      ...invoices.map(({ id }) => createQuote(merchant.live, id)),
    ]);
    expect(new Set(taken.map(({ address }) => address)).size).toBe(30);
    expect(await given()).toHaveLength(before.length + 30);
  });

  test('cannot get a second address, nor one that somebody has', async () => {
    const wallet = await createWallet(live);
    const assign = (column: string) =>
      kit.database.pool.query(
        `UPDATE deposit_address SET ${column} = $1, assigned_at = now()
         WHERE id = (SELECT id FROM deposit_address WHERE static_wallet_id = $2)`,
        [uuidSource.next(), rowIdOf(wallet.id)],
      );
    await expect(assign('invoice_id')).rejects.toThrow(/deposit_address_has_one_owner/);
    const addresses = createDepositAddresses(
      kit.database.pool,
      { networks: [], derive: () => 'none' },
      uuidSource,
    );
    expect(await addresses.refill('ETHEREUM')).toBe(false);
  });
});

describe('what is refused', () => {
  test('writes nothing', async () => {
    await unchanged(async () => {
      for (const customerRef of ['', 'x'.repeat(129), 'nul\u0000', 'half \ud800']) {
        expect(await tryWallet(api, { customerRef })).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', 'customerRef'],
        });
      }
      for (const label of ['', 'x'.repeat(101), 'two\nlines']) {
        expect(await tryWallet(api, { label })).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', 'label'],
        });
      }
      expect(await tryWallet(live, { network: 'LITECOIN' })).toMatchObject({
        code: 'ASSET_NOT_AVAILABLE',
        path: ['input', 'network'],
      });
    });
    expect(await createWallet(api, { customerRef: 'x'.repeat(128), label: 'x'.repeat(100) })).toMatchObject({
      status: 'ACTIVE',
    });
  });

  test('is a wallet in an archived project, or a LIVE one in a project that is blocked', async () => {
    const wallet = await createWallet(live);
    const test1 = await createWallet(api);
    const { pool } = kit.database;
    const id = rowIdOf(merchant.projectId);
    await pool.query(`UPDATE project SET moderation = 'BLOCKED' WHERE id = $1`, [id]);
    await unchanged(async () => {
      const barred = { code: 'PROJECT_NOT_ACTIVE', message: expect.stringContaining('blocked') };
      expect(await tryWallet(live, { customerRef: 'new' })).toMatchObject(barred);
      expect(await tryWallet(live)).toMatchObject(barred);
    });
    expect(await createWallet(api)).toEqual(test1);
    await pool.query(`UPDATE project SET moderation = 'ACTIVE', archived_at = now() WHERE id = $1`, [id]);
    await unchanged(async () => {
      for (const key of [live, api]) {
        expect(await tryWallet(key, { customerRef: 'new' })).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
      }
    });
    // What there is can still be blocked, and takes deposits.
    expect(await block(live, wallet.id)).toMatchObject({ status: 'BLOCKED' });
    expect(await deposit(api, test1.id)).toMatchObject({ status: 'CREDITED' });
  });

  test('is a deposit by simulation to a LIVE wallet, of another asset, or of no amount', async () => {
    const wallet = await createWallet(api);
    const real = await createWallet(live);
    await unchanged(async () => {
      expect(await tryDeposit(live, real.id)).toMatchObject({ code: 'TEST_MODE_ONLY' });
      expect(await tryDeposit(api, wallet.id, { asset: 'BTC' })).toMatchObject({
        code: 'ASSET_NOT_AVAILABLE',
        path: ['input', 'asset'],
      });
      for (const amount of ['0', '-1', '0.0000001', '1000000000000000.1', '9'.repeat(78)]) {
        expect(await tryDeposit(api, wallet.id, { amount })).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', 'amount'],
        });
      }
    });
  });

  test("is what is another merchant's, of another mode, or nobody's: it looks the same", async () => {
    const stranger = await openMerchant(kit.platform, `eve${merchants}@other.example`);
    const wallet = await createWallet(api);
    const sent = await deposit(api, wallet.id);
    const callers = [
      await walletKey(kit.platform, stranger),
      stranger.owner,
      live,
      // Without the right: this key may read only.
      kit.platform.api.as(
        (await make(merchant.owner, { projectId: merchant.projectId, scopes: ['INVOICE_READ'] })).secret,
      ),
    ];
    await unchanged(async () => {
      for (const caller of callers) {
        for (const id of [wallet.id, NOWHERE]) {
          const notFound = { code: 'NOT_FOUND', path: ['input', 'staticWalletId'] };
          expect(await block(caller, id)).toMatchObject(notFound);
          expect(await activate(caller, id)).toMatchObject(notFound);
          expect(await tryDeposit(caller, id)).toMatchObject(notFound);
          expect((await caller.send(operations.StaticWalletDocument, { id })).staticWallet).toBeNull();
          expect((await caller.send(operations.NodeDocument, { id })).node).toBeNull();
        }
        expect((await caller.send(operations.NodeDocument, { id: sent.id })).node).toBeNull();
        const { projectId } = merchant;
        const mode = caller === live ? 'TEST' : null;
        expect(await tryWallet(caller, { projectId, mode, customerRef: 'new' })).toMatchObject({
          code: 'NOT_FOUND',
        });
        expect(await attempt(operations.StaticWalletsDocument, { projectId, mode: 'TEST' })(caller)).toEqual({
          errors: [expect.objectContaining({ code: 'INVALID_INPUT' })],
        });
      }
    });
  });

  test('is all of a project that a member is not let into', async () => {
    const { projectCreate } = await merchant.owner.send(operations.ProjectCreateDocument, {
      input: { merchantId: merchant.merchantId, name: 'Closed' },
    });
    const closed = accepted(projectCreate, 'Project').id;
    await stepUp(kit, merchant.email);
    const hidden = await createWallet(merchant.owner, { projectId: closed, mode: 'TEST' });
    const open = await createWallet(api);
    const person = await join(kit, merchant, `dev${merchants}@shop.example`, {
      role: 'DEVELOPER',
      projectIds: [merchant.projectId],
    });
    const seen = async (id: string) =>
      (await person.api.send(operations.StaticWalletDocument, { id })).staticWallet;
    expect(await seen(open.id)).toMatchObject({ id: open.id, project: { id: merchant.projectId } });
    expect(await seen(hidden.id)).toBeNull();
    await unchanged(async () => {
      expect(await block(person.api, hidden.id)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await tryWallet(person.api, { projectId: closed, mode: 'TEST' })).toMatchObject({
        code: 'NOT_FOUND',
      });
    });
    expect(await block(person.api, open.id)).toMatchObject({ status: 'BLOCKED' });
  });
});

describe('blocking', () => {
  test('and activating are told once each, whatever is repeated, also at once', async () => {
    const wallet = await createWallet(api);
    const blocked = await Promise.all(Array.from({ length: 10 }, () => block(api, wallet.id)));
    expect(new Set(blocked.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(blocked[0]).toMatchObject({ status: 'BLOCKED', blockedAt: expect.any(String) });
    await Promise.all(Array.from({ length: 10 }, () => activate(api, wallet.id)));
    expect(await activate(api, wallet.id)).toMatchObject({ status: 'ACTIVE', blockedAt: null });
    expect(await eventTypes(kit.database.pool, wallet.id)).toEqual([
      'static_wallet.created',
      'static_wallet.blocked',
      'static_wallet.activated',
    ]);
  });

  test('is heard of live, with all that happens to the wallet', async () => {
    const wallet = await createWallet(api);
    await block(api, wallet.id);
    await deposit(api, wallet.id);
    const secret = (
      await make(merchant.owner, { projectId: merchant.projectId, scopes: ['STATIC_WALLET_READ'] })
    ).secret;
    const connection = connectSse(kit.platform.url, secret);
    const updates = connection.iterate(operations.StaticWalletUpdatedDocument, {
      id: wallet.id,
      after: encodeEventCursor({ txid: 0n, seq: 0n }),
    });
    const names: (string | undefined)[] = [];
    for await (const { data } of updates) {
      expect(data?.staticWalletUpdated).toMatchObject({
        event: {
          subjectId: wallet.id,
          data: { customerRef: 'customer-1', staticWalletId: rowIdOf(wallet.id) },
        },
        staticWallet: { id: wallet.id, status: 'BLOCKED' },
      });
      names.push(data?.staticWalletUpdated.event.name);
      if (names.length === 4) break;
    }
    connection.dispose();
    expect(names).toEqual([
      'static_wallet.created',
      'static_wallet.blocked',
      'deposit.detected',
      'deposit.held',
    ]);
  });
});

describe('the list', () => {
  const REFS = Array.from({ length: 25 }, (_, i) => `customer-${String(i).padStart(2, '0')}`);
  let list: ApiClient;
  let shop: DemoMerchant;
  const ids: string[] = [];
  beforeAll(async () => {
    shop = await openMerchant(kit.platform, 'list@shop.example');
    list = await walletKey(kit.platform, shop);
    for (const customerRef of REFS) ids.unshift((await createWallet(list, { customerRef })).id);
    await createWallet(list, { customerRef: 'customer-00', network: 'BITCOIN' });
    await block(list, ids[3] ?? '');
  });
  const page = async (variables: operations.StaticWalletsQueryVariables) =>
    (await list.send(operations.StaticWalletsDocument, variables)).staticWallets;
  const listed = async (variables: operations.StaticWalletsQueryVariables) =>
    (await page(variables)).edges.map((edge) => edge.node.id);

  test('goes from the newest to the oldest, forward and backward', async () => {
    const filter = { network: 'ETHEREUM' } as const;
    const first = await page({ filter, first: 10 });
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, endCursor: first.edges.at(-1)?.cursor });
    const after = first.pageInfo.endCursor ?? null;
    const second = await page({ filter, first: 10, after });
    const third = await page({ filter, first: 10, after: second.pageInfo.endCursor ?? null });
    expect(third.pageInfo.hasNextPage).toBe(false);
    expect([first, second, third].flatMap(({ edges }) => edges.map((e) => e.node.id))).toEqual(ids);
    expect(await listed({ filter, last: 10, before: second.edges.at(-1)?.cursor ?? null })).toEqual(
      ids.slice(9, 19),
    );
    expect(await listed({ filter, last: 5 })).toEqual(ids.slice(-5));
  });

  test('filters by network, status, customer and time', async () => {
    expect(await listed({ filter: { network: 'BITCOIN' } })).toHaveLength(1);
    expect(await listed({ filter: { status: 'BLOCKED' } })).toEqual([ids[3]]);
    expect(await listed({ filter: { customerRef: 'customer-00' } })).toHaveLength(2);
    expect(await listed({ filter: { customerRef: 'customer-00', network: 'ETHEREUM' } })).toEqual([
      ids.at(-1),
    ]);
    expect(await listed({ filter: { customerRef: 'customer' } })).toEqual([]);
    const { staticWallet } = await list.send(operations.StaticWalletDocument, { id: ids[10] ?? '' });
    const createdFrom = staticWallet?.createdAt ?? '';
    const network = 'ETHEREUM' as const;
    const from = await listed({ filter: { network, createdFrom } });
    const before = await listed({ filter: { network, createdBefore: createdFrom } });
    expect(from).toContain(ids[10]);
    expect([...from, ...before]).toEqual(ids);
  });

  test('takes no cursor of another list', async () => {
    const { pageInfo } = await page({ first: 5 });
    const after = pageInfo.endCursor ?? null;
    const refused = { errors: [expect.objectContaining({ code: 'INVALID_INPUT' })] };
    for (const variables of [
      { first: 5, after, filter: { status: 'ACTIVE' } as const },
      { after: 'nonsense' },
      { first: 101 },
    ]) {
      expect(await attempt(operations.StaticWalletsDocument, variables)(list)).toEqual(refused);
    }
  });

  test('is read with as many statements for 25 rows as for one', async () => {
    const statements = (first: number) =>
      statementsDuring(/static_wallet|"public"\."project"/, () => page({ first }));
    expect(await statements(25)).toHaveLength((await statements(1)).length);
  });
});
