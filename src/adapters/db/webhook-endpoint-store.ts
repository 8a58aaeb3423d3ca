import type { Pool, PoolClient } from 'pg';
import type {
  NewWebhookSecret,
  WebhookEndpointRecord,
  WebhookEndpointStore,
  WebhookSettings,
} from '../../usecases/ports/webhook-endpoint-store.ts';
import { eventRows, insertEvents, writeEvents } from './event-insert.ts';
import { inTransaction } from './transaction.ts';
import { endWaiting } from './webhook-waiting.ts';

const BY_ID = `
  SELECT e.id, e.merchant_id AS "merchantId", e.project_id AS "projectId", p.name AS "projectName", e.mode, e.url,
    e.description, e.types, e.schedule, e.payload_version AS "payloadVersion", e.status = 'ENABLED' AS "isEnabled",
    e.revision
  FROM webhook_endpoint e JOIN project p ON p.id = e.project_id
  WHERE e.id = $1 AND e.deleted_at IS NULL`;

/** So that two endpoints which are made at once are counted one after the other. */
const LOCK_PROJECT = 'SELECT archived_at IS NULL AS open FROM project WHERE id = $1 FOR NO KEY UPDATE';

const COUNT = `
  SELECT count(*)::int AS count FROM webhook_endpoint
  WHERE project_id = $1 AND mode = $2::"Mode" AND deleted_at IS NULL`;

const INSERT = `
  INSERT INTO webhook_endpoint (id, merchant_id, project_id, mode, url, description, types, schedule, payload_version,
    created_at)
  VALUES ($1, $2, $3, $4::"Mode", $5, $6, $7, $8::"WebhookSchedule", $9, $10)`;

const INSERT_SECRET = `
  INSERT INTO webhook_secret (id, endpoint_id, sealed_secret, created_at) VALUES ($1, $2, $3, $4)`;

const COLUMNS: Readonly<Record<keyof WebhookSettings, string>> = {
  url: 'url',
  description: 'description',
  types: 'types',
  schedule: 'schedule',
  payloadVersion: 'payload_version',
};
/** As an endpoint begins: what failed at another URL, or before somebody looked after it, counts no more. */
const CLEAN_RECORD = { silences: 0, paused_until: null, failing_since: null, warned_at: null };
const SET = [...Object.values(COLUMNS), ...Object.keys(CLEAN_RECORD)];

/** Runs a change, and tells of it with the event in $2 where there was one. */
const toldChange = (change: string): string => `
  WITH changed AS (
    ${change} RETURNING id
  ), told AS (
    ${insertEvents('$2', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

/** $1 endpoint, $3 revision, $4 the patch by its columns. A column that is not in the patch stays. */
const UPDATE = toldChange(`
    UPDATE webhook_endpoint SET revision = revision + 1, (${SET.join(', ')}) =
      (SELECT ${SET.map((column) => `r.${column}`).join(', ')}
       FROM jsonb_populate_record(webhook_endpoint, $4::jsonb) r)
    WHERE id = $1 AND revision = $3 AND deleted_at IS NULL`);

const ENABLE = toldChange(`
    UPDATE webhook_endpoint SET status = 'ENABLED', disabled_reason = NULL, disabled_at = NULL, revision = revision + 1,
      silences = 0, paused_until = NULL, failing_since = NULL, warned_at = NULL
    WHERE id = $1 AND status = 'DISABLED' AND deleted_at IS NULL`);

const TELL = insertEvents(
  '$2',
  `EXISTS (SELECT FROM webhook_endpoint WHERE id = $1 AND status = 'ENABLED' AND deleted_at IS NULL)`,
);

/** With what waits: see `endWaiting`. $3 the time. */
const ending = (change: string): string => `
  WITH changed AS (
    ${change} RETURNING id
  ), told AS (
    ${insertEvents('$2', 'EXISTS (SELECT FROM changed)')}
  ), ended AS (
    ${endWaiting('(SELECT id FROM changed)')}
  )
  SELECT id FROM changed`;

const DISABLE = ending(`
    UPDATE webhook_endpoint SET status = 'DISABLED', disabled_reason = 'BY_HAND', disabled_at = $3,
      revision = revision + 1
    WHERE id = $1 AND status = 'ENABLED' AND deleted_at IS NULL`);

const REMOVE = ending(
  'UPDATE webhook_endpoint SET deleted_at = $3, revision = revision + 1 WHERE id = $1 AND deleted_at IS NULL',
);

const REMOVE_SECRETS = 'DELETE FROM webhook_secret WHERE endpoint_id = $1';

const LOCK_REVISION = `
  UPDATE webhook_endpoint SET revision = revision + 1 WHERE id = $1 AND revision = $2 AND deleted_at IS NULL`;

const SIGNING = `
  SELECT count(*)::int AS count FROM webhook_secret WHERE endpoint_id = $1 AND expires_at > $2`;

const END_SECRET = 'UPDATE webhook_secret SET expires_at = $2 WHERE endpoint_id = $1 AND expires_at IS NULL';

export function createWebhookEndpointStore(pool: Pool): WebhookEndpointStore {
  const changes = async (text: string, values: unknown[]): Promise<boolean> =>
    (await pool.query({ text, values })).rowCount === 1;
  return {
    async byId(endpointId) {
      const { rows } = await pool.query<WebhookEndpointRecord>({
        name: 'webhook_endpoint_by_id',
        text: BY_ID,
        values: [endpointId],
      });
      return rows[0] ?? null;
    },

    create: (endpoint, most, event) =>
      inTransaction(pool, async (client) => {
        const { id, merchantId, projectId, mode, url, description, types, schedule } = endpoint;
        const { rows } = await client.query<{ open: boolean }>(LOCK_PROJECT, [projectId]);
        if (!rows[0]?.open) return 'archived';
        if ((await count(client, COUNT, [projectId, mode])) >= most) return 'full';
        const place = [id, merchantId, projectId, mode];
        const settings = [url, description, types, schedule, endpoint.payloadVersion];
        await client.query(INSERT, [...place, ...settings, endpoint.at]);
        await insertSecret(client, id, endpoint.secret, endpoint.at);
        await writeEvents(client, [event]);
        return 'created';
      }),

    update: ({ id, revision }, patch, event) =>
      changes(UPDATE, [id, eventRows([event]), revision, JSON.stringify(columnsOf(patch))]),
    enable: (endpointId, event) => changes(ENABLE, [endpointId, eventRows([event])]),
    disable: (endpointId, event) => changes(DISABLE, [endpointId, eventRows([event]), event.occurredAt]),

    remove: (endpointId, event) =>
      inTransaction(pool, async (client) => {
        const values = [endpointId, eventRows([event]), event.occurredAt];
        if ((await client.query(REMOVE, values)).rowCount !== 1) return false;
        await client.query(REMOVE_SECRETS, [endpointId]);
        return true;
      }),

    rotateSecret: ({ endpointId, revision, secret, oldEndsAt, at }, most, event) =>
      inTransaction(pool, async (client) => {
        const others = await count(client, SIGNING, [endpointId, at]);
        if (others + (oldEndsAt > at ? 2 : 1) > most) return 'full';
        if ((await client.query(LOCK_REVISION, [endpointId, revision])).rowCount !== 1) return 'stale';
        await client.query(END_SECRET, [endpointId, oldEndsAt]);
        await insertSecret(client, endpointId, secret, at);
        await writeEvents(client, [event]);
        return 'rotated';
      }),

    tell: (endpointId, event) => changes(TELL, [endpointId, eventRows([event])]),
  };
}

const insertSecret = (
  client: PoolClient,
  endpointId: string,
  { id, sealedSecret }: NewWebhookSecret,
  at: Date,
) => client.query(INSERT_SECRET, [id, endpointId, sealedSecret, at]);

async function count(client: PoolClient, text: string, values: unknown[]): Promise<number> {
  const { rows } = await client.query<{ count: number }>(text, values);
  return rows[0]?.count ?? 0;
}

/** The patch under the names of the columns. */
function columnsOf(patch: Partial<WebhookSettings>): Readonly<Record<string, unknown>> {
  const settings = Object.entries(COLUMNS).flatMap(([name, column]) =>
    name in patch ? [[column, patch[name as keyof WebhookSettings]]] : [],
  );
  return { ...Object.fromEntries(settings), ...(patch.url === undefined ? {} : CLEAN_RECORD) };
}
