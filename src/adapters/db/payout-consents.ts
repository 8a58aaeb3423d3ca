import type { Pool } from 'pg';
import type { PayoutConsents } from '../../usecases/ports/payout-consents.ts';
import { CONSENTS } from './payout-statements.ts';

/** $1 payouts. */
const GIVEN = `SELECT p.id AS "payoutId", (${CONSENTS}) AS given FROM payout p WHERE p.id = ANY ($1::uuid[])`;

export const createPayoutConsents = (pool: Pool): PayoutConsents => ({
  async given(payoutIds) {
    const { rows } = await pool.query<{ payoutId: string; given: number }>({
      name: 'payout_consents_given',
      text: GIVEN,
      values: [payoutIds],
    });
    return rows;
  },
});
