import type { Pool } from 'pg';
import type { ProjectPatch, ProjectSettingsStore } from '../../usecases/ports/project-settings-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { insertModerationChange, moderationRows } from './moderation-insert.ts';

/** Columns that an update may set, by the name of the patch. */
const COLUMNS = {
  name: 'name',
  siteUrl: 'site_url',
  invoiceLifetimeSeconds: 'invoice_lifetime_seconds',
  acceptedAssets: 'accepted_assets',
  underpaidAmount: 'underpaid_amount',
  underpaidCurrency: 'underpaid_currency',
  underpaidBasisPoints: 'underpaid_basis_points',
  underpaidPolicy: 'underpaid_policy',
  overpaidPolicy: 'overpaid_policy',
  latePolicy: 'late_policy',
  duplicatePolicy: 'duplicate_policy',
  confirmations: 'confirmations',
  settlementCurrency: 'settlement_currency',
  rateSpreadBasisPoints: 'rate_spread_basis_points',
  rateLockSeconds: 'rate_lock_seconds',
  monitoringSeconds: 'monitoring_seconds',
  networkFeePayer: 'network_fee_payer',
} as const satisfies Record<Exclude<keyof ProjectPatch, 'page'>, string>;

const SET = Object.values(COLUMNS);

/**
 * $1 project, $2 the columns to set as JSON, $3 the page's settings (null takes one away), $4–$6 the name, site and
 * state that were seen, $7 the new state, $8 the history, $9 the events. A column that $2 leaves out keeps the value of
 * the row as it is when it is written, so that two updates of different fields both stay.
 */
const UPDATE_PROJECT = `
  WITH changed AS (
    UPDATE project SET (${SET.join(', ')}) =
        (SELECT ${SET.map((column) => `r.${column}`).join(', ')} FROM jsonb_populate_record(project, $2::jsonb) r),
      page = jsonb_strip_nulls(page || $3::jsonb), moderation = $7::"Moderation"
    WHERE id = $1 AND archived_at IS NULL AND name = $4 AND site_url IS NOT DISTINCT FROM $5
      AND moderation = $6::"Moderation"
    RETURNING id
  ), history AS (
    ${insertModerationChange('$8', 'EXISTS (SELECT FROM changed)')}
  ), told AS (
    ${insertEvents('$9', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

/** $1 project, $2 when it was archived or null, $3 the event. */
const ARCHIVE_PROJECT = `
  WITH changed AS (
    UPDATE project SET archived_at = $2::timestamptz
    WHERE id = $1 AND (archived_at IS NULL) = ($2::timestamptz IS NOT NULL)
    RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

export function createProjectSettingsStore(pool: Pool): ProjectSettingsStore {
  return {
    async updateProject({ projectId, patch, seen, review }, events) {
      const values = [
        projectId,
        columnsOf(patch),
        JSON.stringify(patch.page ?? {}),
        seen.name,
        seen.siteUrl,
        seen.moderation,
        review?.to ?? seen.moderation,
        moderationRows(review ? [review] : []),
        eventRows(events),
      ];
      const { rowCount } = await pool.query({ text: UPDATE_PROJECT, values });
      return rowCount === 1 ? 'written' : 'stale';
    },

    async archiveProject(projectId, archivedAt, event) {
      const values = [projectId, archivedAt, eventRows([event])];
      const { rowCount } = await pool.query({ text: ARCHIVE_PROJECT, values });
      return rowCount === 1;
    },
  };
}

/** The patch as JSON under the names of the columns. */
function columnsOf({ page: _page, ...patch }: ProjectPatch): string {
  const columns: Readonly<Record<string, string>> = COLUMNS;
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(patch).flatMap(([name, value]) => {
        const column = columns[name];
        return column === undefined ? [] : [[column, typeof value === 'bigint' ? value.toString() : value]];
      }),
    ),
  );
}
