import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf } from '../../testkit/facts.ts';
import { openOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';

/** Public keys of BIP-32's and BIP-84's test vectors. */
const XPUB =
  'xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5';
const ZPUB =
  'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
/** Nobody listens there; this gateway does not watch. */
const NODE = 'http://127.0.0.1:9';

const kit = usePlatform({
  env: {
    ROLES: 'api,worker',
    NETWORKS: JSON.stringify([
      { network: 'ETHEREUM', rpcUrl: NODE, xpub: XPUB },
      { network: 'BITCOIN', rpcUrl: NODE, xpub: ZPUB },
    ]),
  },
});

let operator: ApiClient;
beforeAll(async () => {
  operator = (await openOperator(kit.platform, kit.database, 'SUPPORT')).api;
});
beforeEach(async () => {
  await kit.database.pool.query('DELETE FROM chain_status; DELETE FROM unmatched_transfer');
});

const statuses = async () => (await operator.send(operations.NetworkStatusesDocument, {})).networkStatuses;

describe('the state of the networks', () => {
  const NOTHING = {
    height: null,
    head: null,
    lag: null,
    finalized: null,
    lastError: null,
    lastErrorAt: null,
    stopped: false,
    updatedAt: null,
  };

  test('names every configured network, though no watcher has told anything yet', async () => {
    expect(await statuses()).toEqual([
      { code: 'ETHEREUM', family: 'EVM', ...NOTHING },
      { code: 'BITCOIN', family: 'UTXO', ...NOTHING },
    ]);
  });

  test('tells what the watchers told, and nothing of networks that are not configured any more', async () => {
    await kit.database.pool.query(
      `INSERT INTO chain_status (network, height, head, finalized, last_error, last_error_at, stopped, updated_at) VALUES
        ('ETHEREUM', 90, 100, 80, 'the node is away', '2026-11-21T08:00:00Z', true, '2026-11-21T07:59:00Z'),
        ('BITCOIN', 7, 6, NULL, NULL, NULL, false, '2026-11-21T08:00:00Z'),
        ('CRONOS', 1, 2, NULL, NULL, NULL, false, now())`,
    );
    expect(await statuses()).toEqual([
      {
        code: 'ETHEREUM',
        family: 'EVM',
        height: '90',
        head: '100',
        lag: '10',
        finalized: '80',
        lastError: 'the node is away',
        lastErrorAt: '2026-11-21T08:00:00.000Z',
        stopped: true,
        updatedAt: '2026-11-21T07:59:00.000Z',
      },
      {
        ...NOTHING,
        code: 'BITCOIN',
        family: 'UTXO',
        height: '7',
        head: '6',
        lag: '0',
        updatedAt: '2026-11-21T08:00:00.000Z',
      },
    ]);
  });
});

describe('transfers that nothing could take', () => {
  const list = async (variables: operations.UnmatchedTransfersQueryVariables = {}) =>
    (await operator.send(operations.UnmatchedTransfersDocument, variables)).unmatchedTransfers;
  const txIds = ({ edges }: Awaited<ReturnType<typeof list>>) => edges.map(({ node }) => node.txId);

  const INVOICE = '019a0000-0000-7000-8000-000000000007';

  /** Five, a pair of them in the same moment. */
  async function insertFive(): Promise<void> {
    await kit.database.pool.query(
      `INSERT INTO unmatched_transfer (id, network, tx_id, output_index, contract, asset, amount, address,
         address_network, reason, invoice_id, block_height, block_hash, seen_at, orphaned_at)
       SELECT ('019a0000-0000-7000-8000-00000000000' || n)::uuid, CASE WHEN n = 3 THEN 'BITCOIN' ELSE 'ETHEREUM' END,
         'tx-' || n, 0, CASE WHEN n % 2 = 0 THEN '' ELSE '0xToken' END, CASE WHEN n % 2 = 0 THEN 'ETH' END,
         1000000000000000000 * n::numeric, '0xAddress', 'CRONOS',
         (CASE WHEN n % 2 = 0 THEN 'WRONG_NETWORK' ELSE 'UNKNOWN_TOKEN' END)::"UnmatchedReason",
         $1, n, '0x' || n, timestamptz '2026-11-21T08:00:00Z' + CASE WHEN n > 3 THEN 4 ELSE n END * interval '1 minute',
         CASE WHEN n = 1 THEN timestamptz '2026-11-21T09:00:00Z' END
       FROM generate_series(1, 5) AS n`,
      [INVOICE],
    );
  }

  test('are told with all that is known of them', async () => {
    await insertFive();
    const { edges } = await list({ first: 2 });
    const invoiceId = globalIdOf('Invoice', INVOICE);
    const common = { outputIndex: 0, address: '0xAddress', addressNetwork: 'CRONOS', invoiceId };
    const node = {
      ...common,
      id: globalIdOf('UnmatchedTransfer', '019a0000-0000-7000-8000-000000000005'),
      reason: 'UNKNOWN_TOKEN',
      network: 'ETHEREUM',
      txId: 'tx-5',
      contract: '0xToken',
      asset: null,
      units: '5000000000000000000',
      amount: null,
      staticWalletId: null,
      blockHeight: '5',
      seenAt: '2026-11-21T08:04:00.000Z',
      orphanedAt: null,
    };
    expect(edges[0]?.node).toEqual(node);
    expect(edges[1]?.node).toMatchObject({
      ...common,
      reason: 'WRONG_NETWORK',
      contract: null,
      asset: 'ETH',
      amount: { amount: '4.000000000000000000' },
    });
    const one = await operator.send(operations.UnmatchedTransferNodeDocument, { id: node.id });
    expect(one.node).toEqual(node);
  });

  test('are listed newest first, page by page in both directions', async () => {
    await insertFive();
    const first = await list({ first: 2 });
    const second = await list({ first: 2, after: first.pageInfo.endCursor ?? '' });
    const third = await list({ first: 2, after: second.pageInfo.endCursor ?? '' });
    expect([first, second, third].map(txIds)).toEqual([['tx-5', 'tx-4'], ['tx-3', 'tx-2'], ['tx-1']]);
    expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
    expect(txIds(await list({ last: 2 }))).toEqual(['tx-2', 'tx-1']);
    expect(txIds(await list({ last: 2, before: third.edges[0]?.cursor ?? '' }))).toEqual(['tx-3', 'tx-2']);
  });

  test('are filtered by network and reason, and a cursor holds in its own list only', async () => {
    await insertFive();
    expect(txIds(await list({ filter: { reason: 'WRONG_NETWORK' } }))).toEqual(['tx-4', 'tx-2']);
    expect(txIds(await list({ filter: { network: 'BITCOIN' } }))).toEqual(['tx-3']);
    expect(txIds(await list({ filter: { network: 'ETHEREUM', reason: 'UNKNOWN_TOKEN' } }))).toEqual([
      'tx-5',
      'tx-1',
    ]);
    const { pageInfo } = await list({ first: 1 });
    const elsewhere = { after: pageInfo.endCursor ?? '', filter: { reason: 'WRONG_NETWORK' } as const };
    expect(await errorCodes(operator.send(operations.UnmatchedTransfersDocument, elsewhere))).toEqual([
      'INVALID_INPUT',
    ]);
  });

  test('and the networks are not for merchants', async () => {
    await insertFive();
    const { owner, live } = await openMerchant(kit.platform, 'ada@shop.example');
    const id = globalIdOf('UnmatchedTransfer', '019a0000-0000-7000-8000-000000000005');
    for (const api of [owner, live]) {
      expect(await errorCodes(api.send(operations.UnmatchedTransfersDocument, {}))).toEqual(['FORBIDDEN']);
      expect(await errorCodes(api.send(operations.NetworkStatusesDocument, {}))).toEqual(['FORBIDDEN']);
      expect((await api.send(operations.UnmatchedTransferNodeDocument, { id })).node).toBeNull();
    }
  });
});
