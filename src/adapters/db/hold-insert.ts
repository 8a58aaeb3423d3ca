import type { PoolClient } from 'pg';
import type { HoldReason } from '../../domain/access/withdrawal-hold.ts';
import { HOLD_MS } from '../../domain/access/withdrawal-hold.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import { PAYING_ROLES } from './paying-roles.ts';

/** Not where the access is taken away: whoever was let go could else hold the merchant's payouts for ever. */
const MERCHANTS = `
  SELECT merchant_id AS id FROM member
  WHERE user_id = $1 AND disabled_at IS NULL AND role = ANY($2::text[]::"Role"[])`;

const INSERT = `
  INSERT INTO withdrawal_hold (id, merchant_id, user_id, reason, started_at, ends_at)
  VALUES ($1, $2, $3, $4::"HoldReason", $5, $6)`;

/**
 * Holds payouts back for 24 hours within the transaction of the security change that asks for it (FEATURES A11): of
 * one merchant, or after a change of a person of every merchant whose money the person could send away, and of the
 * person wherever else. Rows are only added: removing the person does not end a merchant's hold.
 */
export async function startHold(
  client: PoolClient,
  ids: IdSource,
  hold: { userId: string | null; merchantId: string | null; reason: HoldReason; at: Date },
): Promise<void> {
  const { userId, reason, at } = hold;
  const endsAt = new Date(at.getTime() + HOLD_MS);
  const held = hold.merchantId === null ? [null, ...(await merchantsOf(client, userId))] : [hold.merchantId];
  for (const merchantId of held) {
    await client.query({ text: INSERT, values: [ids.next(), merchantId, userId, reason, at, endsAt] });
  }
}

async function merchantsOf(client: PoolClient, userId: string | null): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({ text: MERCHANTS, values: [userId, PAYING_ROLES] });
  return rows.map(({ id }) => id);
}
