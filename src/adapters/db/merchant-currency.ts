import type { Pool, PoolClient } from 'pg';
import type { NewEvent } from '../../domain/event/event.ts';
import type {
  CurrencyDecision,
  DecidedRequest,
  NewCurrencyRequest,
} from '../../usecases/ports/merchant-store.ts';
import { writeEvents } from './event-insert.ts';
import { LOCK_MERCHANT } from './merchant-lock.ts';
import { inTransaction } from './transaction.ts';

/** Every payment that was ever seen has postings, also one that the chain took back. */
const CHANGE = `
  UPDATE merchant SET currency = $2 WHERE id = $1
    AND NOT EXISTS (
      SELECT FROM ledger_account a JOIN posting p ON p.account_id = a.id WHERE a.merchant_id = $1 AND a.mode = 'LIVE')
    AND NOT EXISTS (SELECT FROM ledger_account WHERE merchant_id = $1 AND mode = 'LIVE' AND balance < 0)
  RETURNING id`;

const SET = 'UPDATE merchant SET currency = $2 WHERE id = $1';

const FILE = `
  INSERT INTO currency_request (id, merchant_id, currency, reason, created_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (merchant_id) WHERE status = 'PENDING' DO NOTHING RETURNING id`;

const REQUEST = 'SELECT merchant_id AS "merchantId", currency FROM currency_request WHERE id = $1';

const DECIDE = `
  UPDATE currency_request SET status = $2::"RequestStatus", answer = $3, decided_by = $4, decided_at = $5
  WHERE id = $1 AND status = 'PENDING' RETURNING id`;

/** `MerchantStore.changeCurrency`. */
export const changeCurrency = (
  pool: Pool,
  merchantId: string,
  currency: string,
  eventFor: (from: string) => NewEvent,
): Promise<'changed' | 'same' | 'in_use' | 'gone'> =>
  inTransaction(pool, async (client) => {
    const present = await presentCurrency(client, merchantId);
    if (present === null) return 'gone';
    if (present === currency) return 'same';
    const changed = await client.query(CHANGE, [merchantId, currency]);
    if (changed.rows.length === 0) return 'in_use';
    await writeEvents(client, [eventFor(present)]);
    return 'changed';
  });

/** `MerchantStore.requestCurrency`. */
export const requestCurrency = (
  pool: Pool,
  { id, merchantId, currency, reason, at }: NewCurrencyRequest,
  event: NewEvent,
): Promise<'filed' | 'open_already' | 'same' | 'gone'> =>
  inTransaction(pool, async (client) => {
    const present = await presentCurrency(client, merchantId);
    if (present === null) return 'gone';
    if (present === currency) return 'same';
    const filed = await client.query(FILE, [id, merchantId, currency, reason, at]);
    if (filed.rows.length === 0) return 'open_already';
    await writeEvents(client, [event]);
    return 'filed';
  });

/** `MerchantStore.decideCurrency`. */
export const decideCurrency = (
  pool: Pool,
  { requestId, decision, answer, decidedBy, at }: CurrencyDecision,
  eventsFor: (request: DecidedRequest) => readonly NewEvent[],
): Promise<'decided' | 'unknown' | 'not_pending' | 'gone'> =>
  inTransaction(pool, async (client) => {
    const request = await client.query<{ merchantId: string; currency: string }>(REQUEST, [requestId]);
    if (!request.rows[0]) return 'unknown';
    const { merchantId, currency } = request.rows[0];
    const present = await presentCurrency(client, merchantId);
    if (present === null) return 'gone';
    const decided = await client.query(DECIDE, [requestId, decision, answer, decidedBy, at]);
    if (decided.rows.length === 0) return 'not_pending';
    if (decision === 'APPROVED') await client.query(SET, [merchantId, currency]);
    await writeEvents(client, eventsFor({ merchantId, currency, present }));
    return 'decided';
  });

async function presentCurrency(client: PoolClient, merchantId: string): Promise<string | null> {
  const { rows } = await client.query<{ currency: string }>(LOCK_MERCHANT, [merchantId]);
  return rows[0]?.currency ?? null;
}
