import type { Pool } from 'pg';
import { NETWORKS } from '../../domain/chain/networks.ts';
import { CURRENCIES } from '../../domain/money/currencies.ts';
import type { PaymentStatus } from '../../domain/payment/payment.ts';
import type { PaymentPageQuery, PaymentReads, PaymentView } from '../../usecases/ports/payment-reads.ts';

/** Exact numbers as text, times as milliseconds: the same in a row and in JSON. `p` is the payment. */
export const PAYMENT_VIEW = `
    p.id, p.merchant_id AS "merchantId", p.project_id AS "projectId", p.mode, p.invoice_id AS "invoiceId",
    p.static_wallet_id AS "staticWalletId", p.status, p.exception, p.asset, p.network, p.amount::text,
    p.tx_id AS "txId", p.output_index AS "outputIndex", p.block_height::text AS "blockHeight",
    p.confirmations_required AS "confirmationsRequired",
    CASE WHEN p.status IN ('CONFIRMED', 'CREDITED') THEN p.confirmations_required
      WHEN p.status = 'CONFIRMING' THEN coalesce((
        SELECT least(p.confirmations_required, greatest(1, c.height - p.block_height + 1))::int
        FROM chain_cursor c WHERE c.network = p.network), 1)
      ELSE 0 END AS confirmations,
    p.credited::text, p.held::text, p.held_reason AS "heldReason", p.decision, p.fee::text,
    p.network_fee::text AS "networkFee", p.settled::text, p.settled_currency AS "settledCurrency", p.rate::text,
    p.rate_source AS "rateSource", (extract(epoch FROM p.rate_at) * 1000)::float8 AS "rateAt",
    (extract(epoch FROM p.detected_at) * 1000)::float8 AS "detectedAt",
    (extract(epoch FROM p.credited_at) * 1000)::float8 AS "creditedAt",
    (extract(epoch FROM p.orphaned_at) * 1000)::float8 AS "orphanedAt"`;

type Exact = 'amount' | 'credited' | 'held' | 'fee' | 'networkFee' | 'settled';
type MaybeTime = 'rateAt' | 'creditedAt' | 'orphanedAt';

/** A payment as `PAYMENT_VIEW` selects it. */
export type PaymentViewRow = Omit<PaymentView, Exact | MaybeTime | 'blockHeight' | 'detectedAt'> &
  Record<Exact, string> &
  Record<MaybeTime, number | null> & { blockHeight: string | null; detectedAt: number };

export const toPaymentView = (row: PaymentViewRow): PaymentView => ({
  ...row,
  amount: BigInt(row.amount),
  credited: BigInt(row.credited),
  held: BigInt(row.held),
  fee: BigInt(row.fee),
  networkFee: BigInt(row.networkFee),
  settled: BigInt(row.settled),
  blockHeight: row.blockHeight === null ? null : BigInt(row.blockHeight),
  rateAt: timeOf(row.rateAt),
  detectedAt: new Date(row.detectedAt),
  creditedAt: timeOf(row.creditedAt),
  orphanedAt: timeOf(row.orphanedAt),
});

const timeOf = (milliseconds: number | null): Date | null =>
  milliseconds === null ? null : new Date(milliseconds);

export function createPaymentReads(pool: Pool): PaymentReads {
  const read = async (name: string, text: string, values: unknown[]): Promise<PaymentView[]> =>
    (await pool.query<PaymentViewRow>({ name, text, values })).rows.map(toPaymentView);

  return {
    byIds: (ids) =>
      read('payments_by_id', `SELECT ${PAYMENT_VIEW} FROM payment p WHERE p.id = ANY ($1::uuid[])`, [ids]),
    page(query) {
      const { name, text, values } = pageStatement(query);
      return read(name, text, values);
    },
  };
}

/** A statement of its own for each set of conditions, so that each is planned for the index that serves it. */
function pageStatement(query: PaymentPageQuery): { name: string; text: string; values: unknown[] } {
  const values: unknown[] = [];
  const used: string[] = [];
  const conditions: string[] = [];
  // PostgreSQL cuts the names of statements at 63 characters: one letter each.
  const where = (name: string, condition: (...parameters: string[]) => string, ...given: unknown[]) => {
    if (given.includes(undefined)) return;
    used.push(name);
    conditions.push(condition(...given.map((value) => `$${values.push(value)}`)));
  };
  const { after, before, fromEnd } = query;
  const way = wayOf(query);
  where(
    'p',
    (project, mode) => `p.project_id = ${project} AND p.mode = ${mode}::"Mode"`,
    query.projectId,
    query.mode,
  );
  // Without a parameter, so that the partial indexes are seen to serve it.
  if (isHeld(query)) where('h', () => `p.held > 0 AND p.decision <> 'REBOUNDED'`);
  if (query.ofInvoices) where('v', () => 'p.static_wallet_id IS NULL');
  where('r', (any) => `p.held_reason = ANY (${any}::"HeldReason"[])`, query.heldReason);
  where('d', (one) => `p.decision = ${one}::"HeldDecision"`, query.decision);
  if (way === 'status') where('S', () => 'p.status = statuses.v');
  else where('s', (any) => `p.status = ANY (${any}::"PaymentStatus"[])`, query.status);
  if (way === 'asset') where('T', () => 'p.asset = assets.v AND p.network = networks.v');
  else {
    where('t', (asset) => `p.asset = ${asset}`, query.asset);
    where('n', (network) => `p.network = ${network}`, query.network);
  }
  where('i', (id) => `p.invoice_id = ${id}`, query.invoiceId);
  where('w', (id) => `p.static_wallet_id = ${id}`, query.staticWalletId);
  where('f', (from) => `p.detected_at >= ${from}`, query.detectedFrom);
  where('u', (until) => `p.detected_at < ${until}`, query.detectedBefore);
  const place = (sign: string) => (at: string, id: string) =>
    `(p.detected_at, p.id) ${sign} (${at}::timestamptz, ${id}::uuid)`;
  where('a', place('<'), after?.detectedAt, after?.id);
  where('b', place('>'), before?.detectedAt, before?.id);
  const direction = fromEnd ? 'ASC' : 'DESC';
  const inOrder = `ORDER BY p.detected_at ${direction}, p.id ${direction} LIMIT $${values.push(query.limit)}`;
  const matching = `SELECT p.* FROM payment p WHERE ${conditions.join(' AND ')} ${inOrder}`;
  const name = `payment_page_${used.join('')}_${direction}`;
  const text = `SELECT ${PAYMENT_VIEW} FROM ${branches(way, query, matching, values)} p ${inOrder}`;
  return { name, text, values };
}

/** A reason is there as long as something is held. */
const isHeld = ({ held, heldReason }: PaymentPageQuery): boolean => held === true || heldReason !== undefined;

const ASSETS = CURRENCIES.filter(({ kind }) => kind === 'CRYPTO').map(({ code }) => code);
const STATUSES: readonly PaymentStatus[] = ['DETECTED', 'CONFIRMING', 'CONFIRMED', 'CREDITED', 'ORPHANED'];

/**
 * Payments of invoices are walked in a branch for each status, or for each asset on each network, by the indexes that
 * begin with them: so few among many are found as fast as many. All statuses but CREDITED are rare.
 */
function wayOf(query: PaymentPageQuery) {
  const { ofInvoices, invoiceId, status, asset, network } = query;
  if (!ofInvoices || isHeld(query) || invoiceId !== undefined) return 'plain';
  const byAsset = asset !== undefined || network !== undefined;
  return byAsset && (status?.includes('CREDITED') ?? true) ? 'asset' : 'status';
}

function branches(
  way: ReturnType<typeof wayOf>,
  { status, asset, network }: PaymentPageQuery,
  matching: string,
  values: unknown[],
): string {
  if (way === 'plain') return `(${matching})`;
  if (way === 'status') {
    const statuses = `$${values.push(status ?? STATUSES)}::"PaymentStatus"[]`;
    return `unnest(${statuses}) AS statuses (v) CROSS JOIN LATERAL (${matching})`;
  }
  const assets = asset === undefined ? ASSETS : [asset];
  const networks = network === undefined ? NETWORKS.map(({ code }) => code) : [network];
  const lists = [assets, networks].map((list) => `unnest($${values.push(list)}::text[])`);
  return `${lists[0]} AS assets (v) CROSS JOIN ${lists[1]} AS networks (v) CROSS JOIN LATERAL (${matching})`;
}
