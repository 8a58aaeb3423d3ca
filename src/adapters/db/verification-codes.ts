import type { Pool } from 'pg';
import type { VerificationCodes } from '../../usecases/ports/verification-codes.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const CREATE = `
  WITH created AS (
    INSERT INTO verification_code (id, user_id, purpose, target, created_at, expires_at)
    VALUES ($1, $2, $3::"CodePurpose", $4, $5, $6)
  )
  ${insertEvents('$7')}`;

/** A newer code takes the place of the older ones, so a person has one code of a kind at a time. */
const ATTEMPT = `
  UPDATE verification_code SET attempts = attempts + 1
  WHERE id = (
      SELECT id FROM verification_code WHERE user_id = $1 AND purpose = $2::"CodePurpose"
      ORDER BY created_at DESC, id DESC LIMIT 1
    )
    AND used_at IS NULL AND expires_at > $3 AND attempts < 5
  RETURNING id, target`;

const USE = 'UPDATE verification_code SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING id';

export function createVerificationCodes(pool: Pool): VerificationCodes {
  return {
    async createCode({ id, userId, purpose, target, at, expiresAt }, event) {
      await pool.query({
        text: CREATE,
        values: [id, userId, purpose, target, at, expiresAt, eventRows([event])],
      });
    },
    async attemptCode(userId, purpose, at) {
      const { rows } = await pool.query<{ id: string; target: string }>({
        text: ATTEMPT,
        values: [userId, purpose, at],
      });
      return rows[0] ?? null;
    },
    async useCode(id, at) {
      const { rows } = await pool.query({ text: USE, values: [id, at] });
      return rows.length > 0;
    },
  };
}
