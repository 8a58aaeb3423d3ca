import type { Pool } from 'pg';
import { createDepositStore } from '../../src/adapters/db/deposit-store.ts';
import { createInvoiceStore } from '../../src/adapters/db/invoice-store.ts';
import { createProjectStore } from '../../src/adapters/db/project-store.ts';
import { jitteredPause } from '../../src/adapters/system/jittered-pause.ts';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import { SYSTEM } from '../../src/domain/access/actor.ts';
import type { RateTable } from '../../src/domain/money/rate-table.ts';
import { scaleRate } from '../../src/domain/money/rate.ts';
import { invoiceAccept } from '../../src/usecases/invoice/invoice-accept.ts';
import { invoiceCancel } from '../../src/usecases/invoice/invoice-cancel.ts';
import { invoiceCreate } from '../../src/usecases/invoice/invoice-create.ts';
import { createInvoiceWriting } from '../../src/usecases/invoice/invoice-writing.ts';
import { quoteCreate } from '../../src/usecases/invoice/quote-create.ts';
import { paymentConfirm } from '../../src/usecases/payment/payment-confirm.ts';
import { paymentObserve } from '../../src/usecases/payment/payment-observe.ts';
import { paymentOrphan } from '../../src/usecases/payment/payment-orphan.ts';
import { paymentResolve } from '../../src/usecases/payment/payment-resolve.ts';
import { createDepositWriting } from '../../src/usecases/static-wallet/deposit-writing.ts';
import type { Result } from '../../src/usecases/result.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { WAYS, type EngineAction } from './engine-actions.ts';

const PRICES: Readonly<Record<string, bigint>> = {
  USD: scaleRate('1'),
  USDT: scaleRate('1'),
  USDC: scaleRate('1.01'),
  ETH: scaleRate('2500'),
  BTC: scaleRate('60000'),
};

/** A merchant with two invoices, and what the use cases do to them on the real database. */
export interface EngineShop {
  readonly merchantId: string;
  readonly projectId: string;
  readonly invoiceIds: readonly string[];
  /** Performs an action; one that is refused does nothing. */
  perform(action: EngineAction): Promise<void>;
}

/** What a payer's transaction is, wherever it is mined. */
interface Sent {
  readonly txId: string;
  readonly asset: string;
  readonly network: string;
  readonly amount: bigint;
}

export async function openEngineShop(pool: Pool): Promise<EngineShop> {
  const engine = composeEngine(pool);
  const { merchantId, projectId } = await insertProject(pool);
  const invoiceIds: string[] = [];
  for (const amount of ['100', '37.21']) {
    const input = { projectId, mode: 'TEST', amount, currency: 'USD', lifetimeSeconds: 600 } as const;
    const { invoiceId } = valueOf(await engine.create(SYSTEM, input));
    valueOf(await engine.quote(SYSTEM, { invoiceId, ...WAYS[0] }));
    invoiceIds.push(invoiceId);
  }
  const place = { merchantId, projectId, invoiceIds };
  const sent = new Map<string, Sent>();
  return { ...place, perform: (action) => perform(pool, engine, place, sent, action) };
}

/** The real use cases on the real store; the clock and the rates can be moved. */
function composeEngine(pool: Pool) {
  const ids = uuidSource;
  const clock = createMovableClock();
  const rates = { stale: false };
  const table: RateTable = {
    rateOf(asset, currency) {
      const [of, by] = [PRICES[asset], PRICES[currency]];
      if (rates.stale || of === undefined || by === undefined) return null;
      return { scaled: (of * 10n ** 18n) / by, source: 'table', at: clock.now() };
    },
  };
  const parts = {
    ids,
    clock,
    invoices: createInvoiceStore(pool, ids),
    deposits: createDepositStore(pool, ids),
    projects: createProjectStore(pool),
    rates: { table: () => Promise.resolve(table) },
    feed: { poke: () => undefined },
    pause: jitteredPause,
    secrets: { hash: () => new Uint8Array(32) },
    // Invoices of TEST mode have addresses of their own.
    addresses: { assign: () => Promise.resolve(null), refill: () => Promise.resolve(false) },
    confirmations: new Map<string, number>(),
  };
  const writing = createInvoiceWriting(parts);
  const deps = { ...parts, ...writing, ...createDepositWriting({ ...parts, ...writing }) };
  return {
    clock,
    rates,
    invoices: parts.invoices,
    writeInvoice: writing.writeInvoice,
    create: invoiceCreate(deps),
    quote: quoteCreate(deps),
    observe: paymentObserve(deps),
    confirm: paymentConfirm(deps),
    orphan: paymentOrphan(deps),
    cancel: invoiceCancel(deps),
    accept: invoiceAccept(deps),
    resolve: paymentResolve(deps),
  };
}

type Engine = ReturnType<typeof composeEngine>;
type Place = Omit<EngineShop, 'perform'>;

async function perform(
  pool: Pool,
  engine: Engine,
  { merchantId, projectId, invoiceIds }: Place,
  sent: Map<string, Sent>,
  action: EngineAction,
): Promise<void> {
  const invoiceId = ('invoice' in action && invoiceIds[action.invoice]) || '';
  const txId = 'slot' in action ? `0x${invoiceId}/${action.slot}` : '';
  switch (action.do) {
    case 'PAY':
      return pay(engine, invoiceId, txId, sent, action);
    case 'CONFIRM':
    case 'ORPHAN': {
      const payment = await paymentBy(pool, txId);
      if (!payment) return;
      return action.do === 'CONFIRM' ? engine.confirm(payment) : engine.orphan(payment);
    }
    case 'RESOLVE': {
      const payment = await paymentBy(pool, txId);
      if (payment) await engine.resolve(SYSTEM, { ...payment, resolution: action.resolution });
      return;
    }
    case 'CANCEL':
      return void (await engine.cancel(SYSTEM, { invoiceId }));
    case 'ACCEPT':
      return void (await engine.accept(SYSTEM, { invoiceId }));
    case 'EXPIRE':
      return void (await engine.writeInvoice({ invoiceId }, () => ({ type: 'EXPIRE' })));
    case 'QUOTE':
      return void (await engine.quote(SYSTEM, { invoiceId, ...wayOf(action.way) }));
    case 'RULES':
      return void (await pool.query(ruleUpdate(action.column), [projectId, action.value]));
    case 'RATES':
      engine.rates.stale = action.stale;
      return;
    case 'CLOCK':
      return engine.clock.advance({ seconds: action.seconds });
    case 'SPEND':
      return spend(pool, merchantId, projectId, action.currency);
  }
}

const wayOf = (way: number): (typeof WAYS)[number] => WAYS[way] ?? WAYS[0];

/** The transfer is seen, maybe by two watchers at once, in a block of its own or in the memory pool. */
async function pay(
  { clock, invoices, observe }: Engine,
  invoiceId: string,
  txId: string,
  sent: Map<string, Sent>,
  { way, eighths, pool, twice }: EngineAction & { readonly do: 'PAY' },
): Promise<void> {
  const { asset, network } = wayOf(way);
  const quotes = (await invoices.snapshot(invoiceId))?.invoice.quotes ?? [];
  const whole = quotes.findLast((q) => q.asset === asset)?.amount ?? 8_000n;
  const transfer = sent.get(txId) ?? { txId, asset, network, amount: (whole * eighths) / 8n };
  sent.set(txId, transfer);
  const block = pool ? null : { height: 1n, hash: `0x${uuidSource.next()}` };
  const seen = {
    network: transfer.network,
    invoiceId,
    block,
    at: clock.now(),
    transfer: { ...transfer, outputIndex: 0, to: 'TEST', contract: null },
  };
  await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => observe(seen)));
}

async function paymentBy(
  pool: Pool,
  txId: string,
): Promise<{ paymentId: string; blockHash: string | null } | undefined> {
  const { rows } = await pool.query<{ paymentId: string; blockHash: string | null }>(
    'SELECT id AS "paymentId", block_hash AS "blockHash" FROM payment WHERE tx_id = $1',
    [txId],
  );
  return rows[0];
}

const ENUMS = /_policy$/;

const ruleUpdate = (column: string): string => {
  const type = ENUMS.test(column)
    ? '::"PaymentPolicy"'
    : column === 'network_fee_payer'
      ? '::"NetworkFeePayer"'
      : '';
  return `UPDATE project SET ${column} = $2${type} WHERE id = $1`;
};

/** What is available leaves the gateway, as by a payout; that another took it meanwhile is no matter. */
async function spend(pool: Pool, merchantId: string, projectId: string, asset: string): Promise<void> {
  const { rows } = await pool.query<{ id: string; balance: string }>(
    `SELECT id, balance FROM ledger_account WHERE merchant_id = $1 AND kind = 'AVAILABLE' AND asset = $2 AND balance > 0`,
    [merchantId, asset],
  );
  const [account] = rows;
  if (!account) return;
  await pool.query(
    `INSERT INTO ledger_account (id, mode, kind, asset, network) VALUES ($1, 'TEST', 'CUSTODY', $2, 'OUTSIDE')
     ON CONFLICT DO NOTHING`,
    [uuidSource.next(), asset],
  );
  const spent = pool.query(
    `WITH spent AS (
       INSERT INTO ledger_transaction (id, mode, project_id, source_type, source_id, kind, created_at)
       VALUES ($1, 'TEST', $2, 'SPENT', $1::uuid::text, 'SPENT', now()) RETURNING id
     )
     INSERT INTO posting (id, transaction_id, account_id, asset, amount)
     SELECT gen_random_uuid(), spent.id, a.id, $3, CASE a.kind WHEN 'CUSTODY' THEN $4::numeric ELSE -$4::numeric END
     FROM spent, ledger_account a
     WHERE a.id = $5 OR (a.mode = 'TEST' AND a.kind = 'CUSTODY' AND a.asset = $3 AND a.network = 'OUTSIDE')`,
    [uuidSource.next(), projectId, asset, account.balance, account.id],
  );
  await spent.catch((error: unknown) => {
    if (
      !(error instanceof Error && 'constraint' in error && error.constraint === 'ledger_account_not_negative')
    )
      throw error;
  });
}

async function insertProject(pool: Pool): Promise<{ merchantId: string; projectId: string }> {
  const [merchantId, projectId] = [uuidSource.next(), uuidSource.next()];
  await pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [merchantId],
  );
  await pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Shop', 'ACTIVE', 600, now())`,
    [projectId, merchantId],
  );
  await pool.query(
    `INSERT INTO fee_schedule (id, merchant_id, basis_points, fixed, network, updated_at)
     VALUES ($1, $2, 150, '{"USDT": "70001"}', '{"USDT/ETHEREUM": "1000003"}', now())`,
    [uuidSource.next(), merchantId],
  );
  return { merchantId, projectId };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}
