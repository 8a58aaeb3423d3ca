import type { Pool } from 'pg';
import type { ApiKeyActor } from '../../domain/access/actor.ts';
import type { ProjectRecord, ProjectStore } from '../../usecases/ports/project-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const CREATE_PROJECT = `
  WITH created AS (
    INSERT INTO project (id, merchant_id, name, site_url, moderation, invoice_lifetime_seconds, created_at)
    VALUES ($1, $2, $3, $4, $5::"Moderation", $6, $7)
  )
  ${insertEvents('$8')}`;

const PROJECT_BY_ID = `
  SELECT id, merchant_id AS "merchantId", name, site_url AS "siteUrl", moderation,
    invoice_lifetime_seconds AS "invoiceLifetimeSeconds"
  FROM project WHERE id = $1`;

const CREATE_API_KEY = `
  WITH created AS (
    INSERT INTO api_key (id, merchant_id, project_id, mode, kind, name, prefix, token_hash, created_at)
    VALUES ($1, $2, $3, $4::"Mode", $5::"ApiKeyKind", $6, $7, $8, $9)
  )
  ${insertEvents('$10')}`;

const API_KEY_BY_TOKEN = `
  SELECT id AS "apiKeyId", kind, merchant_id AS "merchantId", project_id AS "projectId", mode,
    last_used_at AS "lastUsedAt"
  FROM api_key WHERE token_hash = $1 AND revoked_at IS NULL`;

/** How exact "last used" is; a write for every request would cost more than it tells. */
const LAST_USED_MS = 60_000;

type ApiKeyRow = Omit<ApiKeyActor, 'type'> & { lastUsedAt: Date | null };

export function createProjectStore(pool: Pool): ProjectStore {
  return {
    async createProject(project, at, event) {
      const { id, merchantId, name, siteUrl, moderation, invoiceLifetimeSeconds } = project;
      const values = [
        id,
        merchantId,
        name,
        siteUrl,
        moderation,
        invoiceLifetimeSeconds,
        at,
        eventRows([event]),
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

    async createApiKey(key, event) {
      const { id, merchantId, projectId, mode, kind, name, prefix, tokenHash, at } = key;
      const values = [id, merchantId, projectId, mode, kind, name, prefix, tokenHash, at, eventRows([event])];
      await pool.query({ text: CREATE_API_KEY, values });
    },

    async apiKeyOf(tokenHash, at) {
      const { rows } = await pool.query<ApiKeyRow>({
        name: 'api_key_by_token',
        text: API_KEY_BY_TOKEN,
        values: [tokenHash],
      });
      if (!rows[0]) return null;
      const { lastUsedAt, ...key } = rows[0];
      if (!lastUsedAt || at.getTime() - lastUsedAt.getTime() > LAST_USED_MS) {
        await pool.query({
          name: 'api_key_used',
          text: 'UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)',
          values: [key.apiKeyId, at],
        });
      }
      return { type: 'API_KEY', ...key };
    },

    async apiKeyIsLive(apiKeyId) {
      const { rows } = await pool.query({
        name: 'api_key_live',
        text: 'SELECT FROM api_key WHERE id = $1 AND revoked_at IS NULL',
        values: [apiKeyId],
      });
      return rows.length > 0;
    },
  };
}
