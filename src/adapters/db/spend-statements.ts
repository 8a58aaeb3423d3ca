import { WAITS_FOR_MEMBER } from '../../domain/payout/payout-waits.ts';
import { insertEvents } from './event-insert.ts';
import { writeLedger } from './invoice-statements.ts';
import { PAYOUT_JSON } from './payout-rows.ts';

/** The writes and reads of what the gateway signs: one statement each, so that a crash leaves all of it or nothing. */

/** $1 network, $2 limit, $3 the payout that the last page ended with (null: none). */
export const QUEUED = `
  SELECT ${PAYOUT_JSON} AS payout FROM payout p
  WHERE p.network = $1 AND p.status = 'QUEUED' AND p.kind = 'CRYPTO' AND p.mode = 'LIVE'
    AND ($3::uuid IS NULL OR (p.queued_at, p.id) > (SELECT b.queued_at, b.id FROM payout b WHERE b.id = $3))
  ORDER BY p.queued_at, p.id LIMIT $2`;

/** What keeps a payout back whatever the wallet has; such a one may wait for months. */
const NOT_FOR_THE_WALLET = [...WAITS_FOR_MEMBER, 'HELD', 'ADDRESS_COOLING_OFF', 'LIMIT_REACHED']
  .map((reason) => `'${reason}'`)
  .join(', ');

/** Whether a payout waits on a network to be signed. */
export const QUEUED_ON = (network: string): string => `
  EXISTS (SELECT FROM payout q WHERE q.network = ${network} AND q.status = 'QUEUED' AND q.kind = 'CRYPTO' AND q.mode = 'LIVE'
    AND (q.waits_for IS NULL OR q.waits_for NOT IN (${NOT_FOR_THE_WALLET})))`;

/** $1 network, $2 account. */
export const NONCE = `SELECT next::text FROM account_nonce WHERE network = $1 AND address = $2`;

/** $1 network, $2 account, $3 the first nonce that counts. */
export const ON_THE_WAY = `
  SELECT s.asset, sum(s.amount)::text AS amount, count(*)::int AS spends,
    sum((SELECT max(t.max_fee) FROM spend_transaction t WHERE t.spend_id = s.id))::text AS fees
  FROM spend s
  WHERE s.network = $1 AND s.from_address = $2 AND s.nonce >= $3::bigint AND s.status IN ('SIGNED', 'BROADCAST')
  GROUP BY s.asset`;

/** A coin as JSON has it. */
export const COIN = `id, tx_id AS "txId", output_index AS "outputIndex", amount::text, path, address`;

/** $1 network, $2 limit. */
export const FREE_COINS = `
  SELECT ${COIN} FROM coin
  WHERE network = $1 AND spend_id IS NULL AND NOT is_gone ORDER BY amount DESC, id LIMIT $2`;

/** $1 network, $2 limit. */
export const GONE_COINS = `
  SELECT ${COIN} FROM coin WHERE network = $1 AND spend_id IS NULL AND is_gone ORDER BY amount DESC, id LIMIT $2`;

/** $1 coins, $2 whether they are gone. */
export const COINS_GONE = `UPDATE coin SET is_gone = $2 WHERE id = ANY ($1::uuid[]) AND spend_id IS NULL`;

/**
 * $1 spend, $2 network, $3 kind, $4 payout and $5 its revision (null: none), $6 account, $7 its path, $8 nonce (null of
 * the Bitcoin family), $9 coins, $10 asset, $11 amount, $12 to, $13 to $19 the transaction, $20 events, $21 now. Payout and
 * coins are locked and looked at before anything is written; the nonce is the stored one, or the first of an account that
 * nothing was signed for. A sweep without account joins coins: a queued payout may need them.
 */
export const SIGNED = `
  WITH asked AS (
    SELECT id FROM payout WHERE id = $4::uuid AND status = 'QUEUED' AND revision = $5::int FOR NO KEY UPDATE
  ), free_coin AS (
    SELECT id FROM coin WHERE id = ANY ($9::uuid[]) AND spend_id IS NULL ORDER BY id FOR NO KEY UPDATE
  ), free AS (
    SELECT 1 WHERE ($4::uuid IS NULL OR EXISTS (SELECT FROM asked))
      AND (SELECT count(*) FROM free_coin) = cardinality($9::uuid[])
      AND ($3::"SpendKind" <> 'SWEEP' OR $6::text IS NOT NULL OR NOT ${QUEUED_ON('$2')})
  ), counted AS (
    INSERT INTO account_nonce (network, address, next) SELECT $2, $6, $8::bigint + 1 FROM free WHERE $8::bigint IS NOT NULL
    ON CONFLICT (network, address) DO UPDATE SET next = account_nonce.next + 1 WHERE account_nonce.next = $8::bigint
    RETURNING next
  ), made AS (
    INSERT INTO spend (id, network, kind, payout_id, status, from_address, from_path, nonce, asset, amount, to_address,
      created_at)
    SELECT $1::uuid, $2, $3::"SpendKind", $4::uuid, 'SIGNED', $6, $7, $8::bigint, $10, $11::numeric, $12,
      $21::timestamptz
    FROM free WHERE $8::bigint IS NULL OR EXISTS (SELECT FROM counted) RETURNING id
  ), stored AS (
    INSERT INTO spend_transaction (id, spend_id, tx_id, raw, fee_rate, max_fee, change_index, change_amount, signed_at)
    SELECT $13::uuid, made.id, $14, $15::bytea, $16::numeric, $17::numeric, $18::int, $19::numeric, $21::timestamptz
    FROM made
  ), used AS (
    UPDATE coin SET spend_id = made.id FROM made WHERE coin.id = ANY ($9::uuid[])
  ), moved AS (
    UPDATE payout SET status = 'SIGNED', revision = revision + 1, signed_at = $21::timestamptz, tx_id = $14, waits_for = NULL,
      waits_asset = NULL, waits_since = NULL
    FROM made WHERE payout.id = $4::uuid
  ), told AS (
    ${insertEvents('$20', 'EXISTS (SELECT FROM made)')}
  )
  SELECT id FROM made`;

/** $1 spend, $2 its revision, $3 to $9 the transaction, $10 now. */
export const OUTBID = `
  WITH seen AS (
    UPDATE spend SET revision = revision + 1
    WHERE id = $1::uuid AND revision = $2::int AND status IN ('SIGNED', 'BROADCAST') RETURNING id, payout_id
  ), stored AS (
    INSERT INTO spend_transaction (id, spend_id, tx_id, raw, fee_rate, max_fee, change_index, change_amount, signed_at)
    SELECT $3::uuid, seen.id, $4, $5::bytea, $6::numeric, $7::numeric, $8::int, $9::numeric, $10::timestamptz FROM seen
  ), shown AS (
    UPDATE payout SET tx_id = $4 FROM seen WHERE payout.id = seen.payout_id
  )
  SELECT id FROM seen`;

/** $1 spend, $2 its revision, $3 the transaction, $4 events, $5 now. */
export const BROADCAST = `
  WITH seen AS (
    UPDATE spend SET status = 'BROADCAST', revision = revision + 1
    WHERE id = $1::uuid AND revision = $2::int AND status IN ('SIGNED', 'BROADCAST') RETURNING id, payout_id
  ), sent AS (
    UPDATE spend_transaction SET broadcast_at = coalesce(broadcast_at, $5::timestamptz)
    FROM seen WHERE spend_transaction.id = $3::uuid
  ), moved AS (
    UPDATE payout SET status = 'BROADCAST', revision = revision + 1, broadcast_at = $5::timestamptz
    FROM seen WHERE payout.id = seen.payout_id AND payout.status = 'SIGNED'
  ), told AS (
    ${insertEvents('$4', 'EXISTS (SELECT FROM seen)')}
  )
  SELECT id FROM seen`;

/** $1 network, $2 limit, $3 the spend that the last page ended with (null: none). */
export const OPEN = `
  SELECT s.id, s.network, s.kind, s.status, s.revision, s.from_address, s.from_path, s.nonce::text, s.asset,
    s.amount::text, s.to_address, s.created_at, s.given_up_at IS NOT NULL AS given_up, CASE WHEN p.id IS NOT NULL THEN ${PAYOUT_JSON} END AS payout,
    (SELECT json_agg(json_build_object('id', t.id, 'txId', t.tx_id, 'raw', encode(t.raw, 'hex'),
        'feeRate', t.fee_rate::text, 'maxFee', t.max_fee::text, 'changeIndex', t.change_index,
        'changeAmount', t.change_amount::text, 'broadcastAt', extract(epoch FROM t.broadcast_at) * 1000)
       ORDER BY t.signed_at, t.id)
     FROM spend_transaction t WHERE t.spend_id = s.id) AS transactions,
    (SELECT coalesce(json_agg(json_build_object('id', c.id, 'txId', c.tx_id, 'outputIndex', c.output_index,
        'amount', c.amount::text, 'path', c.path, 'blockHash', coalesce(m.block_hash, d.block_hash))
       ORDER BY c.id), '[]')
     FROM coin c LEFT JOIN spend m ON m.id = c.change_of_id LEFT JOIN LATERAL (
       SELECT y.block_hash FROM payment y
       WHERE y.network = c.network AND y.tx_id = c.tx_id AND y.output_index = c.output_index AND y.status <> 'ORPHANED'
       LIMIT 1) d ON true
     WHERE c.spend_id = s.id) AS coins
  FROM spend s LEFT JOIN payout p ON p.id = s.payout_id
  WHERE s.network = $1 AND s.status IN ('SIGNED', 'BROADCAST')
    AND ($3::uuid IS NULL OR (s.created_at, s.id) > (SELECT b.created_at, b.id FROM spend b WHERE b.id = $3))
  ORDER BY s.created_at, s.id LIMIT $2`;

/**
 * $1 spend, $2 its revision, $3 how it ended, $4 transaction, $5 and $6 block, $7 fee, $8 payout and $9 its revision,
 * $10 to $12 the coin that came back, $13 events, $14 now, $15 and $16 the ledger. The payout's row is the one that was
 * seen, or nothing is written.
 */
export const ENDED = `
  WITH asked AS (
    SELECT id FROM payout WHERE id = $8::uuid AND revision = $9::int AND status IN ('SIGNED', 'BROADCAST')
    FOR NO KEY UPDATE
  ), done AS (
    UPDATE spend SET status = $3::"SpendStatus", revision = revision + 1, tx_id = $4, block_height = $5::bigint,
      block_hash = $6, fee_paid = $7::numeric, stuck_for = NULL, confirmed_at = $14::timestamptz
    WHERE id = $1::uuid AND revision = $2::int AND status IN ('SIGNED', 'BROADCAST')
      AND ($8::uuid IS NULL OR EXISTS (SELECT FROM asked))
    RETURNING id, network
  ), target AS (
    SELECT 'LIVE'::"Mode" AS mode, (SELECT project_id FROM payout WHERE id = $8::uuid) AS project_id FROM done
  ), moved AS (
    UPDATE payout SET status = $3::text::"PayoutStatus", revision = revision + 1, tx_id = $4, ended_at = $14::timestamptz,
      failure = CASE WHEN $3 = 'FAILED' THEN 'REVERTED' END
    FROM done WHERE payout.id = $8::uuid
  ), change AS (
    INSERT INTO coin (id, network, tx_id, output_index, amount, path, change_of_id)
    SELECT $10::uuid, done.network, $4, $11::int, $12::numeric, '1/0', done.id FROM done WHERE $10::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
  ), ${writeLedger('target', '$15', '$16', '$14')}, told AS (
    ${insertEvents('$13', 'EXISTS (SELECT FROM done)')}
  )
  SELECT id FROM done`;

/** $1 network. The last transaction of a spend is the one whose change is most likely to come. */
export const CHANGE = `
  SELECT coalesce((SELECT sum(amount) FROM coin WHERE network = $1 AND spend_id IS NULL AND NOT is_gone), 0)::text AS free,
    coalesce(sum((
      SELECT t.change_amount FROM spend_transaction t WHERE t.spend_id = s.id ORDER BY t.signed_at DESC, t.id DESC LIMIT 1
    )), 0)::text AS change
  FROM spend s WHERE s.network = $1 AND s.status IN ('SIGNED', 'BROADCAST')`;

/** $1 payout. */
export const WAITING = `
  SELECT waits_for AS reason, waits_since AS since FROM payout
  WHERE id = $1 AND status = 'QUEUED' AND waits_for IS NOT NULL AND waits_since IS NOT NULL`;

/**
 * $1 spend, $2 its revision, $3 payout and $4 its revision, $5 events, $6 now, $7 and $8 the ledger. The payout's row is
 * the one that was seen, or nothing is written.
 */
export const ABANDONED = `
  WITH asked AS (
    SELECT id FROM payout WHERE id = $3::uuid AND revision = $4::int AND status IN ('SIGNED', 'BROADCAST')
    FOR NO KEY UPDATE
  ), done AS (
    UPDATE spend SET status = 'FAILED', revision = revision + 1, stuck_for = NULL, confirmed_at = $6::timestamptz
    WHERE id = $1::uuid AND revision = $2::int AND status IN ('SIGNED', 'BROADCAST') AND given_up_at IS NOT NULL
      AND ($3::uuid IS NULL OR EXISTS (SELECT FROM asked))
    RETURNING id
  ), target AS (
    SELECT 'LIVE'::"Mode" AS mode, (SELECT project_id FROM payout WHERE id = $3::uuid) AS project_id FROM done
  ), moved AS (
    UPDATE payout SET status = 'FAILED', revision = revision + 1, ended_at = $6::timestamptz,
      tx_id = NULL, failure = 'PLACE_USED_ELSEWHERE'
    FROM done WHERE payout.id = $3::uuid
  ), freed AS (
    UPDATE coin SET spend_id = NULL FROM done WHERE coin.spend_id = done.id
  ), ${writeLedger('target', '$7', '$8', '$6')}, told AS (
    ${insertEvents('$5', 'EXISTS (SELECT FROM done)')}
  )
  SELECT id FROM done`;

/**
 * $1 payout, $2 its revision, $3 why it waits, $4 what the hot wallet lacks (null: nothing), $5 events, $6 events for
 * operators, $7 now, $8 the amount that operators are told of, $9 and $10 since when a telling counts, $11 the reasons that
 * are the same waiting, $12 those that stay as they are. Operators are told when
 * the last telling (of the same network, reason and asset) is older than $9, or of more than twice the amount, or older
 * than $10 and nothing else waited for the same.
 */
export const WAITS = `
  WITH seen AS (
    SELECT id, network, (waits_for, waits_asset) IS DISTINCT FROM ($3, $4::text)
        AND (waits_for = ANY ($12::text[])) IS NOT TRUE AS is_new,
      (waits_for = ANY ($11::text[]) AND waits_asset IS NOT DISTINCT FROM $4::text) IS TRUE AS is_same
    FROM payout
    WHERE id = $1::uuid AND revision = $2::int AND status = 'QUEUED' FOR NO KEY UPDATE
  ), kept AS (
    UPDATE payout SET waits_for = $3, waits_asset = $4,
      waits_since = CASE WHEN waits_for = ANY ($11::text[]) THEN waits_since ELSE $7::timestamptz END
    FROM seen WHERE payout.id = seen.id AND seen.is_new RETURNING seen.is_same
  ), told AS (
    ${insertEvents('$5', 'EXISTS (SELECT FROM kept WHERE NOT is_same)')}
  ), alert AS (
    INSERT INTO waiting_alert (network, reason, asset, amount, told_at)
    SELECT network, $3, coalesce($4, ''), $8::numeric, $7::timestamptz FROM seen WHERE $8::numeric IS NOT NULL
    ON CONFLICT (network, reason, asset) DO UPDATE SET amount = excluded.amount, told_at = excluded.told_at
    WHERE waiting_alert.told_at <= $9::timestamptz OR excluded.amount * 2 < waiting_alert.amount
      OR (waiting_alert.told_at <= $10::timestamptz AND (SELECT is_new FROM seen) AND NOT EXISTS (
        SELECT FROM payout o WHERE o.network = excluded.network AND o.status = 'QUEUED' AND o.waits_for = $3
          AND o.waits_asset IS NOT DISTINCT FROM $4))
    RETURNING network
  ), alarm AS (
    ${insertEvents('$6', 'EXISTS (SELECT FROM alert)')}
  )
  SELECT FROM kept WHERE NOT is_same UNION ALL SELECT FROM alert`;

/**
 * $1 spend, $2 why it is stuck, $3 events, $4 now, $5 the reasons that are weaker, $6 since when a telling counts. A weaker
 * reason takes the place of another one only when that is told of again.
 */
export const STUCK = `
  WITH seen AS (
    UPDATE spend SET stuck_for = $2, stuck_told_at = $4::timestamptz
    WHERE id = $1::uuid AND status IN ('SIGNED', 'BROADCAST')
      AND (stuck_for IS NULL OR stuck_for = ANY ($5::text[]) OR (stuck_told_at <= $6::timestamptz) IS NOT FALSE)
    RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM seen)')}
  )
  SELECT id FROM seen`;
