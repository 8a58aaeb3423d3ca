import type { Pool } from 'pg';
import { coinOf } from '../../domain/chain/networks.ts';
import type { SweepCandidate, SweepCandidates } from '../../usecases/ports/deposit-sweeping.ts';
import { exactJson } from './payment-rows.ts';

interface Page {
  readonly seen: number;
  readonly lowest: number | null;
  readonly candidates: readonly SweepCandidate[];
}

/**
 * $1 network, $2 below which child number (null: all), $3 limit, $4 thresholds by asset, $5 the network's coin: an address
 * gives up its tokens first, so that what it has of the coin pays for them.
 */
const AFTER = `
  WITH page AS (
    SELECT address, derivation_index, invoice_id, static_wallet_id FROM deposit_address
    WHERE network = $1 AND assigned_at IS NOT NULL AND ($2::int IS NULL OR derivation_index < $2)
    ORDER BY derivation_index DESC LIMIT $3
  ), received AS (
    SELECT page.address, page.derivation_index, p.asset, sum(p.amount) AS amount
    FROM page CROSS JOIN LATERAL (
      SELECT i.asset, i.amount, i.network, i.mode, i.status FROM payment i WHERE i.invoice_id = page.invoice_id
      UNION ALL
      SELECT w.asset, w.amount, w.network, w.mode, w.status FROM payment w
      WHERE w.static_wallet_id = page.static_wallet_id
    ) p
    WHERE p.network = $1 AND p.mode = 'LIVE' AND p.status IN ('CONFIRMED', 'CREDITED')
    GROUP BY page.address, page.derivation_index, p.asset
  ), worth AS (
    SELECT r.address, r.derivation_index, r.asset
    FROM received r JOIN jsonb_each_text($4::jsonb) t (asset, threshold) ON t.asset = r.asset
    WHERE r.amount - (
        SELECT coalesce(sum(s.amount), 0) FROM spend s
        WHERE s.network = $1 AND s.from_address = r.address AND s.asset = r.asset AND s.kind = 'SWEEP'
          AND s.status = 'CONFIRMED'
      ) >= t.threshold::numeric
      AND NOT EXISTS (SELECT FROM spend s WHERE s.network = $1 AND s.from_address = r.address
        AND s.status IN ('SIGNED', 'BROADCAST'))
      AND NOT EXISTS (SELECT FROM spend s WHERE s.network = $1 AND s.to_address = r.address AND s.kind = 'TOP_UP'
        AND s.status IN ('SIGNED', 'BROADCAST'))
  )
  SELECT (SELECT count(*)::int FROM page) AS seen, (SELECT min(derivation_index) FROM page) AS lowest,
    (SELECT coalesce(json_agg(json_build_object('address', address, 'derivationIndex', derivation_index, 'asset', asset)
       ORDER BY derivation_index DESC, asset = $5, asset), '[]') FROM worth) AS candidates`;

export const createSweepCandidates = (pool: Pool): SweepCandidates => ({
  async after(network, thresholds, before, limit) {
    const { rows } = await pool.query<Page>({
      name: 'sweep_candidates',
      text: AFTER,
      values: [network, before, limit, exactJson(thresholds), coinOf(network)],
    });
    const [page] = rows;
    if (!page) return { candidates: [], next: null };
    return { candidates: page.candidates, next: page.seen < limit ? null : page.lowest };
  },
});
