import type { Pool, PoolClient } from 'pg';
import type { ClosingFacts } from '../../domain/merchant/closing.ts';
import type { ClosedApiKey, MerchantStore } from '../../usecases/ports/merchant-store.ts';
import { writeEvents } from './event-insert.ts';
import { LOCK_MERCHANT } from './merchant-lock.ts';
import { inTransaction } from './transaction.ts';

/** Counted to a thousand (FEATURES A13). */
const COUNTS = `
  SELECT
    (SELECT count(*) FROM (
      SELECT FROM invoice i JOIN project p ON p.id = i.project_id
      WHERE p.merchant_id = $1 AND i.mode = 'LIVE' AND i.status IN ('CREATED', 'PARTIAL', 'CONFIRMING')
      LIMIT 1000) AS open)::int AS "openInvoices",
    (SELECT count(*) FROM (
      SELECT FROM payment
      WHERE merchant_id = $1 AND mode = 'LIVE' AND (status = 'DETECTED' OR status = 'CONFIRMING')
      LIMIT 1000) AS unfinished)::int AS "unfinishedPayments",
    (SELECT count(*) FROM (
      SELECT FROM payout
      WHERE merchant_id = $1 AND mode = 'LIVE' AND status IN ('PENDING_APPROVAL', 'QUEUED', 'SIGNED', 'BROADCAST')
      LIMIT 1000) AS leaving)::int AS "openPayouts"`;

const BALANCES = `
  SELECT asset, kind, balance::text FROM ledger_account
  WHERE merchant_id = $1 AND mode = 'LIVE' AND balance <> 0 ORDER BY asset, kind`;

/** Stronger than the lock that a new invoice takes on its project: those on their way are waited for, and counted. */
const LOCK_PROJECTS = 'SELECT FROM project WHERE merchant_id = $1 ORDER BY id FOR UPDATE';

const REVOKE_KEYS = `
  UPDATE api_key k SET revoked_at = $2 FROM project p
  WHERE p.id = k.project_id AND p.merchant_id = $1 AND k.revoked_at IS NULL
  RETURNING k.id, k.project_id AS "projectId", k.mode, k.kind, k.name, k.prefix, p.name AS "projectName"`;

const ARCHIVE_PROJECTS = `
  UPDATE project SET archived_at = $2 WHERE merchant_id = $1 AND archived_at IS NULL RETURNING id, name`;

const REVOKE_INVITATIONS = `
  UPDATE invitation SET revoked_at = $2
  WHERE merchant_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id, email`;

const END_REQUESTS = `
  UPDATE currency_request SET status = 'REJECTED', answer = 'The account was closed.', decided_at = $2
  WHERE merchant_id = $1 AND status = 'PENDING'`;

const END_RULES = `
  UPDATE auto_withdrawal SET disabled_at = $2, disabled_why = 'BY_MEMBER', waits_for = NULL, look_at = NULL
  WHERE merchant_id = $1 AND disabled_at IS NULL`;

const CLOSE = 'UPDATE merchant SET closed_at = $2 WHERE id = $1';

type Counts = Omit<ClosingFacts, 'balances'>;

/** `MerchantStore.closingFacts`. */
export async function closingFacts(
  client: Pick<Pool | PoolClient, 'query'>,
  merchantId: string,
): Promise<ClosingFacts> {
  const counts = await client.query<Counts>(COUNTS, [merchantId]);
  const balances = await client.query<{ asset: string; kind: string; balance: string }>(BALANCES, [
    merchantId,
  ]);
  const { openInvoices = 0, unfinishedPayments = 0, openPayouts = 0 } = counts.rows[0] ?? {};
  return {
    openInvoices,
    unfinishedPayments,
    openPayouts,
    balances: balances.rows.map(({ asset, kind, balance }) => ({ asset, kind, minorUnits: BigInt(balance) })),
  };
}

type CloseMerchant = MerchantStore['closeMerchant'];

/** `MerchantStore.closeMerchant`. */
export const closeMerchant = (
  pool: Pool,
  { merchantId, at }: { readonly merchantId: string; readonly at: Date },
  mayClose: Parameters<CloseMerchant>[2],
  eventsFor: Parameters<CloseMerchant>[3],
): ReturnType<CloseMerchant> =>
  inTransaction(pool, async (client) => {
    const merchant = await client.query<{ name: string }>(LOCK_MERCHANT, [merchantId]);
    if (!merchant.rows[0]) return null;
    await client.query(LOCK_PROJECTS, [merchantId]);
    const agreed = mayClose(await closingFacts(client, merchantId));
    if (!agreed.ok) return agreed;
    const values = [merchantId, at];
    const keys = await client.query<ClosedApiKey>(REVOKE_KEYS, values);
    const projects = await client.query<{ id: string; name: string }>(ARCHIVE_PROJECTS, values);
    const invitations = await client.query<{ id: string; email: string }>(REVOKE_INVITATIONS, values);
    await client.query(END_REQUESTS, values);
    await client.query(END_RULES, values);
    await client.query(CLOSE, values);
    const { name } = merchant.rows[0];
    const closed = {
      name,
      apiKeys: keys.rows,
      projects: projects.rows,
      invitations: invitations.rows,
    };
    await writeEvents(client, eventsFor(closed));
    return { ok: true, value: null };
  });
