import type { Pool } from 'pg';
import type { ProjectRecord, ProjectStore } from '../../usecases/ports/project-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { insertModerationChange, moderationRows } from './moderation-insert.ts';

const CREATE_PROJECT = `
  WITH created AS (
    INSERT INTO project (id, merchant_id, name, site_url, moderation, invoice_lifetime_seconds, created_at)
    VALUES ($1, $2, $3, $4, $5::"Moderation", $6, $7)
  ), history AS (
    ${insertModerationChange('$8')}
  )
  ${insertEvents('$9')}`;

const PROJECT_BY_ID = `
  SELECT id, merchant_id AS "merchantId", name, site_url AS "siteUrl", moderation,
    invoice_lifetime_seconds AS "invoiceLifetimeSeconds", accepted_assets AS "acceptedAssets", logo_id AS "logoId",
    archived_at AS "archivedAt"
  FROM project WHERE id = $1`;

export function createProjectStore(pool: Pool): ProjectStore {
  return {
    async createProject(project, events) {
      const { id, merchantId, name, siteUrl, moderation, invoiceLifetimeSeconds, requested, at } = project;
      const history = moderationRows(requested ? [requested] : []);
      const values = [
        id,
        merchantId,
        name,
        siteUrl,
        moderation,
        invoiceLifetimeSeconds,
        at,
        history,
        eventRows(events),
      ];
      await pool.query({ text: CREATE_PROJECT, values });
    },

    async projectById(projectId) {
      const { rows } = await pool.query<ProjectRecord>({
        name: 'project_by_id',
        text: PROJECT_BY_ID,
        values: [projectId],
      });
      return rows[0] ?? null;
    },
  };
}
