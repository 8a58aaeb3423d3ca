import type { Pool } from 'pg';
import type { ChatProofs, PayoutProofs } from '../../usecases/ports/payout-proofs.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const PROOFS = `
  SELECT u.pin_hash AS "pinHash",
    EXISTS (SELECT FROM totp WHERE totp.user_id = u.id AND totp.enabled_at IS NOT NULL) AS "hasSecondFactor"
  FROM "user" u WHERE u.id = $1`;

const REFUSED = insertEvents('$1');

/** What proves people in chats. */
export const createPayoutProofs = (pool: Pool): PayoutProofs => ({
  async of(userId) {
    const { rows } = await pool.query<ChatProofs>({ name: 'payout_proofs', text: PROOFS, values: [userId] });
    return rows[0] ?? null;
  },
  async refused(event) {
    await pool.query(REFUSED, [eventRows([event])]);
  },
});
