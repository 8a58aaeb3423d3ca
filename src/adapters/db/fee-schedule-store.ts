import type { Pool } from 'pg';
import { keptScope, scopeOf, type KeptScope } from '../../domain/fee/fee-scope.ts';
import type { FeeScheduleStore } from '../../usecases/ports/fee-schedule-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

/** As the unique index on scopes is defined: the gateway's own schedule stands under the nil id. */
const SCOPE = `(COALESCE(project_id, merchant_id, '00000000-0000-0000-0000-000000000000'::uuid))`;
const SCOPE_ASKED = SCOPE.replace('project_id', '$2::uuid').replace('merchant_id', '$1::uuid');

/** $1 merchant, $2 project. */
const BY_SCOPE = `SELECT id FROM fee_schedule WHERE ${SCOPE} = ${SCOPE_ASKED}`;

const BY_ID = `SELECT merchant_id AS "merchantId", project_id AS "projectId" FROM fee_schedule WHERE id = $1`;

/** $1 merchant, $2 project, $3 id, $4 basis points, $5 fixed, $6 network, $7 the moment, $8 the event, $9 minimums of payouts. */
const WRITE = `
  WITH place AS (
    SELECT WHERE $1::uuid IS NULL OR EXISTS (SELECT FROM merchant WHERE id = $1)
  ), written AS (
    INSERT INTO fee_schedule AS f (id, merchant_id, project_id, basis_points, fixed, network, payout_minimums, updated_at)
    SELECT $3::uuid, $1::uuid, $2::uuid, $4, $5::jsonb, $6::jsonb, $9::jsonb, $7::timestamptz FROM place
    ON CONFLICT (${SCOPE}) DO UPDATE SET basis_points = excluded.basis_points, fixed = excluded.fixed,
      network = excluded.network, payout_minimums = excluded.payout_minimums, updated_at = excluded.updated_at
    WHERE f.id = excluded.id
      AND (f.basis_points, f.fixed, f.network, f.payout_minimums)
        IS DISTINCT FROM (excluded.basis_points, excluded.fixed, excluded.network, excluded.payout_minimums)
    RETURNING f.id
  ), told AS (
    ${insertEvents('$8', 'EXISTS (SELECT FROM written)')}
  )
  SELECT EXISTS (SELECT FROM place) AS known, EXISTS (SELECT FROM written) AS written,
    EXISTS (SELECT FROM fee_schedule WHERE id = $3) AS there`;

/** $1 the schedule, $2 the event. */
const REMOVE = `
  WITH removed AS (
    DELETE FROM fee_schedule WHERE id = $1 RETURNING id
  ), told AS (
    ${insertEvents('$2', 'EXISTS (SELECT FROM removed)')}
  )
  SELECT id FROM removed`;

export const createFeeScheduleStore = (pool: Pool): FeeScheduleStore => ({
  async scheduleOf(scope) {
    const { merchantId, projectId } = keptScope(scope);
    const { rows } = await pool.query<{ id: string }>(BY_SCOPE, [merchantId, projectId]);
    return rows[0]?.id ?? null;
  },

  async scopeOf(scheduleId) {
    const { rows } = await pool.query<KeptScope>(BY_ID, [scheduleId]);
    return rows[0] ? scopeOf(rows[0]) : null;
  },

  async writeSchedule({ id, scope, schedule, at }, event) {
    const { merchantId, projectId } = keptScope(scope);
    const { basisPoints, fixed, network, payoutMinimums } = schedule;
    const { rows } = await pool.query<{ known: boolean; written: boolean; there: boolean }>(WRITE, [
      merchantId,
      projectId,
      id,
      basisPoints,
      amountsOf(fixed),
      amountsOf(network),
      at,
      eventRows([event]),
      amountsOf(payoutMinimums),
    ]);
    if (rows[0]?.written) return 'written';
    if (!rows[0]?.known) return 'unknown';
    return rows[0].there ? 'same' : 'stale';
  },

  async removeSchedule(scheduleId, event) {
    const { rowCount } = await pool.query(REMOVE, [scheduleId, eventRows([event])]);
    return rowCount === 1;
  },
});

/** Amounts as JSON, each as text: they are larger than JSON's numbers. */
const amountsOf = (amounts: Readonly<Record<string, bigint>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, `${amount}`])));
