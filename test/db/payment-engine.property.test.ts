import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInvoiceStore } from '../../src/adapters/db/invoice-store.ts';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import { seenValue, valueOf } from '../../src/domain/invoice/invoice-value.ts';
import { isConfirmed } from '../../src/domain/payment/payment.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { rounds, type EngineAction } from './engine-actions.ts';
import { openEngineShop, type EngineShop } from './engine-shop.ts';

/** `LONG=1` for the many: each sequence is some hundred statements. */
const LONG = process.env['LONG'] === '1';
const RUNS = LONG ? 1_000 : 25;
const PATIENT = { timeout: 3_600_000 };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

interface MoneyRow {
  readonly asset: string;
  readonly pending: string;
  readonly held: string;
  readonly settled: string;
  readonly currency: string | null;
}

const add = (sums: Map<string, bigint>, name: string, amount: bigint): void => {
  sums.set(name, (sums.get(name) ?? 0n) + amount);
};
const sorted = (sums: ReadonlyMap<string, bigint>): Record<string, bigint> =>
  Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** The merchant's balances as the payments' columns give them; what was spent or is owed had been available. */
async function saidByPayments({ merchantId }: EngineShop): Promise<Record<string, bigint>> {
  const { rows } = await db.pool.query<MoneyRow>(
    `SELECT asset, settled_currency AS currency, held, settled,
       CASE status WHEN 'ORPHANED' THEN 0 ELSE amount - credited - held END AS pending
     FROM payment WHERE merchant_id = $1`,
    [merchantId],
  );
  const sums = new Map<string, bigint>();
  for (const { asset, currency, pending, held, settled } of rows) {
    add(sums, `PENDING ${asset}`, BigInt(pending));
    add(sums, `HELD ${asset}`, BigInt(held));
    if (currency !== null) add(sums, `AVAILABLE ${currency}`, BigInt(settled));
  }
  return sorted(sums);
}

async function saidByLedger({ merchantId, projectId }: EngineShop): Promise<Record<string, bigint>> {
  const { rows } = await db.pool.query<{ kind: string; asset: string; balance: string }>(
    `SELECT kind::text, asset, balance FROM ledger_account WHERE merchant_id = $1
     UNION ALL SELECT 'SPENT', p.asset, p.amount FROM posting p JOIN ledger_transaction t ON t.id = p.transaction_id
       WHERE t.project_id = $2 AND t.source_type = 'SPENT' AND p.amount > 0`,
    [merchantId, projectId],
  );
  const sums = new Map<string, bigint>();
  for (const { kind, asset, balance } of rows) {
    const had = kind === 'OWED' || kind === 'SPENT' ? 'AVAILABLE' : kind;
    add(sums, `${had} ${asset}`, BigInt(balance));
  }
  return sorted(sums);
}

/** What an invoice shows is what its payments say, and what was told of it last. */
async function expectInvoiceTrue(invoiceId: string): Promise<void> {
  const found = await createInvoiceStore(db.pool, uuidSource).snapshot(invoiceId);
  if (!found) throw new Error(`no invoice ${invoiceId}`);
  const { invoice } = found;
  expect(invoice.amountSeen).toBe(seenValue(invoice));
  expect(invoice.amountPaid).toBe(valueOf(invoice, (p) => p.exception === 'NONE' && isConfirmed(p)));
  const { rows } = await db.pool.query<{ data: Record<string, unknown> }>(
    `SELECT data FROM event WHERE subject_id = $1 AND data ? 'status' ORDER BY txid DESC, seq DESC LIMIT 1`,
    [invoiceId],
  );
  expect(rows[0]?.data['status']).toBe(invoice.status);
}

/** The gateway's own accounts over all merchants: what it holds is what it owes, apart from what was spent. */
async function expectCustodyTrue(): Promise<void> {
  const { rows } = await db.pool.query(
    `SELECT asset, network, sum(amount) FROM (
       SELECT asset, network, balance AS amount FROM ledger_account
         WHERE merchant_id IS NULL AND kind = 'CUSTODY' AND network <> 'OUTSIDE'
       UNION ALL SELECT asset, network, credited + held FROM payment) AS parts
     GROUP BY asset, network HAVING sum(amount) <> 0`,
  );
  expect(rows).toEqual([]);
}

async function performInTurn(shop: EngineShop, thread: readonly EngineAction[]): Promise<void> {
  for (const action of thread) await shop.perform(action);
}

test('whatever happens at once, the ledger is what the payments say', PATIENT, async () => {
  await fc.assert(
    fc.asyncProperty(rounds, async (history) => {
      const shop = await openEngineShop(db.pool);
      for (const round of history) {
        await Promise.all(round.map((thread) => performInTurn(shop, thread)));
        expect(await saidByLedger(shop)).toEqual(await saidByPayments(shop));
        for (const invoiceId of shop.invoiceIds) await expectInvoiceTrue(invoiceId);
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  await expectLedgerInBalance(db.pool);
  await expectCustodyTrue();
  const { rows } = await db.pool.query<{ kind: string }>(
    `SELECT DISTINCT kind FROM ledger_transaction UNION SELECT kind::text FROM ledger_account WHERE balance <> 0`,
  );
  const seen = new Set(rows.map(({ kind }) => kind));
  const everything = [
    'DETECTED',
    'CREDITED',
    'HELD',
    'RELEASED',
    'ORPHANED',
    'REVERSED',
    'SPENT',
    'FEES',
    'CONVERSION',
  ];
  // Hardly any run of 25 sees all of it.
  if (LONG) expect(everything.filter((kind) => !seen.has(kind))).toEqual([]);
});
