import { createHash } from 'node:crypto';
import type pg from 'pg';
import { v7 } from 'uuid';
import { eventRows } from '../../../src/adapters/db/event-insert.ts';
import { CREATE_INVOICE } from '../../../src/adapters/db/invoice-statements.ts';
import type { NewEvent } from '../../../src/domain/event/event.ts';

/** The owner of an API key. */
export interface Caller {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
}

interface Wanted {
  readonly amount: number;
  readonly currency: string;
  readonly orderId: string;
  readonly idempotencyKey: string;
}

const LIFETIME_MS = 3_600_000;

/** The three rows of a new invoice by one transaction: five round trips. */
export async function createByTransaction(pool: pg.Pool, caller: Caller, wanted: Wanted): Promise<unknown> {
  const { id, at, event } = rowsOf(caller, wanted);
  const client = await pool.connect();
  try {
    await client.query({ name: 'begin', text: 'BEGIN' });
    await client.query({
      name: 'insert_key',
      text: `INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
        VALUES ($1, 'invoiceCreate', $2, $3, $4, $5)`,
      values: [caller.id, wanted.idempotencyKey, hashOf(wanted), id, at],
    });
    await client.query({
      name: 'insert_invoice',
      text: `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, order_id, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        id,
        caller.merchantId,
        caller.projectId,
        caller.mode,
        wanted.currency,
        wanted.amount,
        wanted.orderId,
        at,
        new Date(at.getTime() + LIFETIME_MS),
      ],
    });
    await client.query({
      name: 'insert_event',
      text: `INSERT INTO event (id, type, mode, merchant_id, project_id, actor, subject_type, subject_id, data, occurred_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'INVOICE', $7, $8, $9)`,
      values: [
        event.id,
        event.type,
        caller.mode,
        caller.merchantId,
        caller.projectId,
        event.actor,
        id,
        event.data,
        at,
      ],
    });
    await client.query({ name: 'commit', text: 'COMMIT' });
  } finally {
    client.release();
  }
  return { invoiceCreate: shown(id, wanted) };
}

/** The same rows by the product's own statement: what a single round trip costs. */
export async function createByStatement(pool: pg.Pool, caller: Caller, wanted: Wanted): Promise<unknown> {
  const { id, at, event } = rowsOf(caller, wanted);
  await pool.query({
    name: 'create',
    text: CREATE_INVOICE,
    values: [
      id,
      caller.merchantId,
      caller.projectId,
      caller.mode,
      wanted.currency,
      wanted.amount,
      wanted.orderId,
      null,
      null,
      '{}',
      null,
      null,
      at,
      new Date(at.getTime() + LIFETIME_MS),
      caller.id,
      'invoiceCreate',
      wanted.idempotencyKey,
      hashOf(wanted),
      eventRows([event]),
      null,
      null,
      null,
    ],
  });
  return { invoiceCreate: shown(id, wanted) };
}

function rowsOf({ id: keyId, merchantId, projectId, mode }: Caller, wanted: Wanted) {
  const id = v7();
  const at = new Date();
  const { orderId, currency } = wanted;
  const state = { status: 'CREATED', exception: 'NONE', amount: '10.00', amountPaid: '0.00' };
  const event: NewEvent = {
    id: v7(),
    type: 'invoice.created',
    merchantId,
    projectId,
    mode,
    actor: { type: 'API_KEY', id: keyId },
    subject: { type: 'INVOICE', id },
    data: { invoiceId: id, orderId, currency, ...state },
    occurredAt: at,
  };
  return { id, at, event };
}

const hashOf = (wanted: Wanted): Buffer => createHash('sha256').update(JSON.stringify(wanted)).digest();

const shown = (id: string, { amount, currency, orderId }: Wanted) => ({
  __typename: 'Invoice',
  id: Buffer.from(`Invoice:${id}`).toString('base64url'),
  status: 'CREATED',
  amount: { minorUnits: String(amount), currency: { code: currency } },
  orderId,
});
