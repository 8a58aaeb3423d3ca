import { beforeAll, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { statementsDuring } from '../testkit/statements.ts';
import { join } from '../testkit/team.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
type Variables = operations.StatementPageQueryVariables;

let merchant: DemoMerchant;
let stranger: DemoMerchant;
let second: string;
let later: string;

const page = async (variables: Variables, api?: ApiClient) =>
  (
    await (api ?? merchant.owner).send(operations.StatementPageDocument, {
      mode: 'TEST',
      ...(api ? {} : { merchantId: merchant.merchantId }),
      ...variables,
    })
  ).statement;
const nodes = async (variables: Variables, api?: ApiClient) =>
  (await page(variables, api)).edges.map(({ node }) => node);
/** Such as "CREDITED 12.5 USDT": minor units without those that all have. */
const told = async (filter: operations.StatementFilter, api?: ApiClient) =>
  (await nodes({ filter, first: 100 }, api)).map(
    ({ account, kind, amount }) => `${account} ${kind} ${amount.minorUnits} ${amount.currency.code}`,
  );

async function pay(
  api: ApiClient,
  amount: string | undefined,
  input: Partial<operations.InvoiceCreateInput> = {},
) {
  clock.advance({ seconds: 10 });
  const invoice = await createInvoice(api, input);
  const asset = input.currency === 'USD' || input.currency === undefined ? 'USDT' : input.currency;
  const quote = await createQuote(api, invoice.id, { asset: asset as operations.AssetCode });
  await simulatePayment(api, invoice.id, quote.id, amount);
  return { invoice, quote };
}

/** Books what a payment of a chain that was taken back leaves: 7 of what was available, and 5 that are owed. */
const REVERSAL = `
  WITH opened AS (
    INSERT INTO ledger_account (id, mode, kind, asset, merchant_id, network)
    VALUES (gen_random_uuid(), 'TEST', 'OWED', 'USDT', $1, NULL) RETURNING id
  ), booked AS (
    INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, project_id, created_at)
    VALUES (gen_random_uuid(), 'TEST', 'PAYMENT', $2 || '/9', 'REVERSED', $3, $4) RETURNING id
  )
  SELECT booked.id AS booked, opened.id AS owed,
    (SELECT id FROM ledger_account WHERE merchant_id = $1 AND kind = 'AVAILABLE' AND asset = 'USDT' AND mode = 'TEST') AS available,
    (SELECT id FROM ledger_account WHERE kind = 'CUSTODY' AND asset = 'USDT' AND mode = 'TEST' LIMIT 1) AS custody
  FROM booked, opened`;

async function reverse(txId: string): Promise<void> {
  clock.advance({ seconds: 10 });
  const { pool } = kit.database;
  const payment = await pool.query<{ id: string }>('SELECT id FROM payment WHERE tx_id = $1', [txId]);
  const at = clock.now();
  const { rows } = await pool.query<Record<'booked' | 'owed' | 'available' | 'custody', string>>(REVERSAL, [
    rowIdOf(merchant.merchantId),
    payment.rows[0]?.id,
    rowIdOf(merchant.projectId),
    at,
  ]);
  const [ids] = rows;
  await pool.query(
    `INSERT INTO posting (id, transaction_id, account_id, asset, amount, project_id, created_at)
     SELECT gen_random_uuid(), $1, a, 'USDT', n, $2, $3 FROM unnest($4::uuid[], $5::numeric[]) AS p (a, n)`,
    [
      ids?.booked,
      rowIdOf(merchant.projectId),
      at,
      [ids?.available, ids?.owed, ids?.custody],
      ['-7', '-5', '12'],
    ],
  );
}

let txId: string;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
  stranger = await openMerchant(kit.platform, 'eve@other.example');
  const { merchantId, owner } = merchant;
  const created = await owner.send(operations.ProjectCreateDocument, {
    input: { merchantId, name: 'Second' },
  });
  second = accepted(created.projectCreate, 'Project').id;
  const { invoice, quote } = await pay(merchant.test, undefined);
  await simulatePayment(merchant.test, invoice.id, quote.id, '3');
  const seen = await merchant.test.send(operations.InvoiceDocument, { id: invoice.id });
  txId = seen.invoice?.payments[0]?.txId ?? '';
  await pay(merchant.test, '2', { amount: '2', currency: 'ETH' });
  await pay(owner, undefined, { projectId: second, mode: 'TEST', amount: '4' });
  clock.advance({ hours: 2 });
  later = clock.now().toISOString();
  await pay(merchant.test, '5', { amount: '5', currency: 'USDT' });
  await reverse(txId);
  await pay(stranger.test, '1', { amount: '1', currency: 'USDT' });
});

const ALL = ['PENDING', 'AVAILABLE', 'HELD', 'OWED'] as const;

describe('the lines', () => {
  test('sum up to the balances, part by part', async () => {
    const sums = new Map<string, bigint>();
    for (const { account, amount } of await nodes({ filter: { account: [...ALL] }, first: 100 })) {
      const key = `${amount.currency.code} ${account}`;
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(amount.minorUnits));
    }
    const { merchantId } = merchant;
    const { balances } = await merchant.owner.send(operations.BalancesAndDebtsDocument, {
      merchantId,
      mode: 'TEST',
    });
    const shown = balances.flatMap((b) => {
      const code = b.asset.code;
      const parts = { PENDING: b.pending, AVAILABLE: b.available, HELD: b.held };
      return [
        ...Object.entries(parts).map(
          ([kind, { minorUnits }]) => [`${code} ${kind}`, BigInt(minorUnits)] as const,
        ),
        [`${code} OWED`, -BigInt(b.owed.minorUnits)] as const,
      ];
    });
    expect(Object.fromEntries(sums)).toMatchObject(Object.fromEntries(shown.filter(([, sum]) => sum !== 0n)));
    expect([...sums].filter(([, sum]) => sum !== 0n).length).toBe(
      shown.filter(([, sum]) => sum !== 0n).length,
    );
    expect(sums.get('USDT OWED')).toBe(-5n);
  });

  test('are those of the available balance unless asked otherwise, newest first', async () => {
    expect(await told({})).toEqual([
      'AVAILABLE REVERSED -7 USDT',
      'AVAILABLE CREDITED 5000000 USDT',
      'AVAILABLE CREDITED 4000000 USDT',
      'AVAILABLE CREDITED 2000000000000000000 ETH',
      'AVAILABLE CREDITED 12500000 USDT',
    ]);
    expect(await told({ account: ['HELD', 'OWED'] })).toEqual([
      'OWED REVERSED -5 USDT',
      'HELD HELD 3000000 USDT',
    ]);
  });

  test('tell project, payment and moment', async () => {
    const lines = await nodes({});
    expect(lines.map(({ project }) => project?.id)).toEqual([
      merchant.projectId,
      merchant.projectId,
      second,
      merchant.projectId,
      merchant.projectId,
    ]);
    expect(lines.at(-1)?.payment?.txId).toBe(txId);
    expect(lines.map(({ at }) => at >= later)).toEqual([true, true, false, false, false]);
  });
});

test.each<[string, () => operations.StatementFilter, string[]]>([
  [
    'receipts',
    () => ({ direction: 'IN', currency: ['ETH'] }),
    ['AVAILABLE CREDITED 2000000000000000000 ETH'],
  ],
  ['withdrawals', () => ({ direction: 'OUT' }), ['AVAILABLE REVERSED -7 USDT']],
  ['a project', () => ({ projectId: second }), ['AVAILABLE CREDITED 4000000 USDT']],
  ['a project and withdrawals', () => ({ projectId: second, direction: 'OUT' }), []],
  ['a currency without lines', () => ({ currency: ['BTC', 'EUR'] }), []],
  [
    'a moment and later',
    () => ({ createdFrom: later, direction: 'IN' }),
    ['AVAILABLE CREDITED 5000000 USDT'],
  ],
  [
    'before a moment',
    () => ({ createdBefore: later, currency: ['USDT'] }),
    ['AVAILABLE CREDITED 4000000 USDT', 'AVAILABLE CREDITED 12500000 USDT'],
  ],
  ['no part', () => ({ account: [] }), []],
])('a statement of %s has exactly those', async (_what, filter, expected) => {
  expect(await told(filter())).toEqual(expected);
});

test('balances are of fiat currencies too where payments are settled in one, and debts are told as positive', async () => {
  const { pool } = kit.database;
  await pool.query(
    `INSERT INTO ledger_account (id, mode, kind, asset, merchant_id)
     VALUES (gen_random_uuid(), 'TEST', 'AVAILABLE', 'EUR', $1)`,
    [rowIdOf(merchant.merchantId)],
  );
  const { merchantId, owner } = merchant;
  const { balances } = await owner.send(operations.BalancesAndDebtsDocument, { merchantId, mode: 'TEST' });
  expect(balances.map(({ asset, owed }) => [asset.code, asset.kind, owed.minorUnits])).toEqual([
    ['ETH', 'CRYPTO', '0'],
    ['EUR', 'FIAT', '0'],
    ['USDT', 'CRYPTO', '5'],
  ]);
});

describe('pages', () => {
  test('go through the list from both ends, without gap or double', async () => {
    const filter = { account: [...ALL] };
    const all = (await nodes({ filter, first: 100 })).map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
    const forward: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo }: Awaited<ReturnType<typeof page>> = await page({ filter, first: 3, after });
      forward.push(...edges.map(({ node }) => node.id));
      after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    expect(forward).toEqual(all);
    const last = await page({ filter, last: 2 });
    expect(last.edges.map(({ node }) => node.id)).toEqual(all.slice(-2));
    const before = await page({ filter, last: 2, before: last.edges[0]?.cursor ?? '' });
    expect(before.edges.map(({ node }) => node.id)).toEqual(all.slice(-4, -2));
  });

  test('are not those of another statement', async () => {
    const after = (await page({ first: 1 })).edges[0]?.cursor ?? '';
    const others: operations.StatementFilter[] = [
      { direction: 'IN' },
      { projectId: second },
      { currency: ['ETH'] },
    ];
    for (const filter of others) expect(await errorCodes(page({ filter, after }))).toEqual(['INVALID_INPUT']);
    for (const first of [0, 101]) expect(await errorCodes(page({ first }))).toEqual(['INVALID_INPUT']);
  });

  test('cost as many statements for many lines as for one', async () => {
    const cost = async (first: number) =>
      (await statementsDuring(/\b(posting|payment p|project)\b/, () => page({ first }))).length;
    const one = await cost(1);
    expect(one).toBeLessThanOrEqual(3);
    expect(await cost(5)).toBe(one);
  });
});

describe('rights', () => {
  test('of a key are to the lines of its project', async () => {
    const key = await keyWith(['BALANCE_READ', 'INVOICE_READ', 'PROJECT_READ']);
    expect(await told({}, key)).toEqual([
      'AVAILABLE REVERSED -7 USDT',
      'AVAILABLE CREDITED 5000000 USDT',
      'AVAILABLE CREDITED 2000000000000000000 ETH',
      'AVAILABLE CREDITED 12500000 USDT',
    ]);
    expect(await errorCodes(page({ filter: { projectId: second } }, key))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(page({ mode: 'LIVE' }, key))).toEqual(['FORBIDDEN']);
  });

  test('to a payment are asked for apart', async () => {
    const key = await keyWith(['BALANCE_READ', 'PROJECT_READ']);
    const lines = await nodes({}, key);
    expect(lines).toHaveLength(4);
    expect(lines.every(({ payment }) => payment === null)).toBe(true);
  });

  test('of a member who is restricted end at the project', async () => {
    const { api } = await join(kit, merchant, 'fin@shop.example', { role: 'FINANCE', projectIds: [second] });
    const { merchantId } = merchant;
    expect(await errorCodes(page({ merchantId }, api))).toEqual(['FORBIDDEN']);
    const own = await nodes({ merchantId, filter: { projectId: second } }, api);
    expect(own.map(({ amount }) => amount.minorUnits)).toEqual(['4000000']);
    const other = page({ merchantId, filter: { projectId: merchant.projectId } }, api);
    expect(await errorCodes(other)).toEqual(['FORBIDDEN']);
  });

  test('are needed', async () => {
    const { api } = await join(kit, merchant, 'view@shop.example', { role: 'VIEWER' });
    const { merchantId } = merchant;
    for (const [who, variables] of [
      [api, { merchantId }],
      [stranger.owner, { merchantId }],
      [stranger.owner, {}],
      [stranger.owner, { merchantId: stranger.merchantId, filter: { projectId: second } }],
    ] as const) {
      const answer = await page(variables, who).then(
        ({ edges }) => edges,
        () => 'refused',
      );
      expect([[], 'refused']).toContainEqual(answer);
    }
    expect(await errorCodes(page({ merchantId }, api))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(page({ merchantId }, stranger.owner))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(page({}, kit.platform.api))).toEqual(['UNAUTHENTICATED']);
  });
});

async function keyWith(scopes: operations.ApiKeyScope[]): Promise<ApiClient> {
  const { apiKeyCreate } = await merchant.owner.send(operations.ApiKeyCreateDocument, {
    input: { projectId: merchant.projectId, mode: 'TEST', kind: 'SECRET', name: 'books', scopes },
  });
  return kit.platform.api.as(accepted(apiKeyCreate, 'ApiKeyCreatePayload').secret);
}
