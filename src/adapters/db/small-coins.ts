import type { Pool } from 'pg';
import type { SmallCoins } from '../../usecases/ports/coin-consolidation.ts';
import { toCoin, type CoinJson } from './spend-rows.ts';
import { COIN, QUEUED_ON } from './spend-statements.ts';

/** $1 network, $2 below which amount, $3 limit. */
const BELOW = `
  SELECT ${COIN} FROM coin
  WHERE network = $1 AND spend_id IS NULL AND NOT is_gone AND amount < $2::numeric
    AND NOT ${QUEUED_ON('$1')}
    AND NOT EXISTS (SELECT FROM spend s WHERE s.network = $1 AND s.kind = 'SWEEP'
      AND s.status IN ('SIGNED', 'BROADCAST'))
  ORDER BY amount DESC, id LIMIT $3`;

/** Small coins on PostgreSQL. */
export const createSmallCoins = (pool: Pool): SmallCoins => ({
  async below(...values) {
    const { rows } = await pool.query<CoinJson>({ name: 'small_coins', text: BELOW, values });
    return rows.map(toCoin);
  },
});
