import type { Pool, PoolClient } from 'pg';
import { hasEnded, type Rebound } from '../../domain/rebound/rebound.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { ReboundChange, ReboundStore } from '../../usecases/ports/rebound-store.ts';
import { claimChangeValues } from './claim-change-values.ts';
import { insertEvents, writeEvents } from './event-insert.ts';
import { writeLedger } from './invoice-statements.ts';
import { createLedgerAccounts } from './ledger-accounts.ts';
import { balanceMoved, ledgerRows } from './ledger-rows.ts';
import { LOCK_MERCHANT } from './merchant-lock.ts';
import { exceedsDay } from './payout-store.ts';
import { REBOUND_JSON, toRebound, type ReboundJson } from './refund-rows.ts';
import { inTransaction } from './transaction.ts';

const SELECTED = `SELECT ${REBOUND_JSON} AS rebound FROM rebound r`;
const BY_ID = `${SELECTED} WHERE r.id = $1`;
const BY_CLAIM_TOKEN = `${SELECTED} WHERE r.claim_token_hash = $1`;
const STANDING_OF = `${SELECTED} WHERE r.payment_id = $1 AND r.status <> 'REJECTED'`;

const LOCK_INVOICE = 'SELECT id FROM invoice WHERE id = $1 FOR NO KEY UPDATE';

/** $1 payment, $2 its decision as it was seen, $3 the new one, $4 the held amount. */
const DECIDE = `
  UPDATE payment SET decision = $3::"HeldDecision", revision = revision + 1
  WHERE id = $1 AND decision = $2::"HeldDecision" AND held = $4::numeric AND status <> 'ORPHANED'`;

/** A change of an invoice that was computed before this one is computed anew. */
const MOVE_INVOICE = 'UPDATE invoice SET revision = revision + 1 WHERE id = $1';

const CREATE = `
  INSERT INTO rebound (id, merchant_id, project_id, mode, payment_id, invoice_id, status, reason, asset, network, amount,
    network_fee, customer_email, claim_token_hash, claim_expires_at, claim_sent_at, failure, created_at)
  SELECT $1::uuid, $2::uuid, $3::uuid, $4::"Mode", p.id, $6::uuid, $7::"ReboundStatus", $8, $9, $10, $11::numeric,
    $12::numeric, $13, $14::bytea,
    $15::timestamptz, $16::timestamptz, $17, $18::timestamptz
  FROM payment p WHERE p.id = $5::uuid
  ON CONFLICT DO NOTHING`;

/**
 * $1 rebound, $2 its status and $3 revision as they were seen, $4 the new status, $5 address, $6 customer's e-mail address,
 * $7 expiry of the claim, $8 whether the token changes, $9 its hash, $10 failure, $11 ledger transactions, $12 postings,
 * $13 events, $14 now, $15 who named the inbox, $16 whether the link has run out, $17 to $20 the idempotency key (owner
 * null: none).
 */
const CHANGE = `
  WITH target AS (
    UPDATE rebound SET status = $4::"ReboundStatus", revision = revision + 1, address = $5::text, customer_email = $6::text,
      claim_expires_at = $7::timestamptz, claim_expired = $16::boolean OR (
        claim_expired AND $4 = 'PENDING' AND $5::text IS NULL AND claim_expires_at IS NOT DISTINCT FROM $7::timestamptz),
      claim_token_hash = CASE WHEN $8::boolean THEN $9::bytea ELSE claim_token_hash END,
      claim_sent_at = CASE WHEN $8::boolean AND $9::bytea IS NOT NULL THEN $14::timestamptz ELSE claim_sent_at END,
      address_at = CASE WHEN address IS NULL AND $5::text IS NOT NULL THEN $14::timestamptz ELSE address_at END,
      transferred_at = CASE WHEN $4 = 'COMPLETED' THEN coalesce(transferred_at, $14::timestamptz) END,
      failure = coalesce($10::text, failure),
      inbox_named_at = CASE WHEN $15::uuid IS NULL THEN inbox_named_at ELSE coalesce(inbox_named_at, $14::timestamptz) END,
      inbox_named_by = CASE WHEN $15::uuid IS NULL OR $15::uuid = ANY (inbox_named_by) THEN inbox_named_by
        ELSE inbox_named_by || $15::uuid END
    WHERE id = $1 AND status = $2::"ReboundStatus" AND revision = $3 AND NOT ($16::boolean AND claim_expired)
    RETURNING id, mode, project_id
  ), key AS (
    INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
    SELECT $17::uuid, $18::text, $19::text, $20::bytea, id, $14::timestamptz FROM target WHERE $17::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
  ), ${writeLedger('target', '$11', '$12', '$14')}, told AS (
    ${insertEvents('$13', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/** Counts towards the day's limit already. */
const COUNTED = 'SELECT id FROM rebound WHERE id = $1 AND inbox_named_at IS NOT NULL';

/** Something was another by now: the transaction is rolled back. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Rebounds on PostgreSQL. Invoice before payment before rebound, as everywhere. */
export function createReboundStore(pool: Pool, ids: IdSource): ReboundStore {
  const accounts = createLedgerAccounts(pool, ids);
  const one = async (name: string, text: string, value: unknown) => {
    const { rows } = await pool.query<{ rebound: ReboundJson }>({ name, text, values: [value] });
    return rows[0] ? toRebound(rows[0].rebound) : null;
  };
  return {
    byId: (id) => one('rebound_by_id', BY_ID, id),
    byClaimToken: (hash) => one('rebound_by_claim', BY_CLAIM_TOKEN, hash),
    standingOf: (paymentId) => one('rebound_standing_of', STANDING_OF, paymentId),

    async customerEmailOf(invoiceId) {
      const { rows } = await pool.query<{ email: string | null }>(
        'SELECT customer_email AS email FROM invoice WHERE id = $1',
        [invoiceId],
      );
      return rows[0]?.email ?? null;
    },

    create: (rebound, { claimTokenHash, failure, events }) =>
      written(pool, async (client) => {
        await decide(client, rebound, { from: 'REBOUND', to: hasEnded(rebound) ? 'NONE' : 'REBOUND' });
        const { rowCount } = await client.query(CREATE, createValues(rebound, claimTokenHash, failure));
        if (rowCount !== 1) throw new Overtaken();
        await writeEvents(client, events);
      }),

    async change(change) {
      const { transactions, postings } = await ledgerRows(change.before.mode, change.entries, accounts, ids);
      return await written(pool, (client) => write(client, change, transactions, postings));
    },

    async nameInbox(change, dailyLimit) {
      const { before, at } = change;
      const { transactions, postings } = await ledgerRows(before.mode, change.entries, accounts, ids);
      let isTooMuch = false;
      const isNamed = await written(pool, async (client) => {
        const { rowCount } = await client.query(LOCK_MERCHANT, [before.merchantId]);
        if (rowCount === 0) throw new Overtaken();
        const counted = await client.query(COUNTED, [before.id]);
        isTooMuch =
          counted.rowCount === 0 && (await exceedsDay(client, before, before.amount, dailyLimit, at));
        if (isTooMuch) throw new Overtaken();
        await write(client, change, transactions, postings);
      });
      if (isNamed) return 'named';
      return isTooMuch ? 'day_limit_reached' : 'stale';
    },
  };
}

async function write(
  client: PoolClient,
  change: ReboundChange,
  transactions: string,
  postings: string,
): Promise<void> {
  if (change.decision) await decide(client, change.before, change.decision);
  const { rowCount } = await client.query({
    name: 'rebound_change',
    text: CHANGE,
    values: claimChangeValues(change, transactions, postings),
  });
  if (rowCount !== 1) throw new Overtaken();
}

/** All of the work, or nothing: false when somebody was faster. */
async function written(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<boolean> {
  try {
    await inTransaction(pool, work);
    return true;
  } catch (error) {
    if (error instanceof Overtaken || balanceMoved(error)) return false;
    throw error;
  }
}

async function decide(
  client: PoolClient,
  { paymentId, invoiceId, amount }: Rebound,
  { from, to }: NonNullable<ReboundChange['decision']>,
): Promise<void> {
  if (invoiceId !== null) await client.query(LOCK_INVOICE, [invoiceId]);
  const { rowCount } = await client.query(DECIDE, [paymentId, from, to, amount]);
  if (rowCount !== 1) throw new Overtaken();
  if (invoiceId !== null) await client.query(MOVE_INVOICE, [invoiceId]);
}

/** In the order in which CREATE names them. */
const createValues = (
  rebound: Rebound,
  claimTokenHash: Uint8Array | null,
  failure: string | null,
): unknown[] => [
  rebound.id,
  rebound.merchantId,
  rebound.projectId,
  rebound.mode,
  rebound.paymentId,
  rebound.invoiceId,
  rebound.status,
  rebound.reason,
  rebound.asset,
  rebound.network,
  rebound.amount,
  rebound.networkFee,
  rebound.customerEmail,
  claimTokenHash,
  rebound.claimExpiresAt,
  claimTokenHash && rebound.createdAt,
  failure,
  rebound.createdAt,
];
