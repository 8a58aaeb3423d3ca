import type { Pool, PoolClient } from 'pg';
import type {
  ApiKeyRecord,
  ApiKeyStore,
  ApiKeyWrite,
  LiveKey,
  NewApiKey,
} from '../../usecases/ports/api-key-store.ts';
import type { Right } from '../../domain/access/rights.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import { newBarrier, type ProjectStanding } from '../../domain/project/moderation.ts';
import { writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { createRangeCache } from './range-cache.ts';
import { inTransaction } from './transaction.ts';

/** One row by its hash, and its merchant by id: a join would cost twice that, and could be planned over all of them. */
const LIVE_KEY = `
  SELECT k.id AS "apiKeyId", k.kind, k.scopes, k.merchant_id AS "merchantId", k.project_id AS "projectId", k.mode,
    k.expires_at AS "validUntil", k.ip_ranges AS "ipRanges", k.last_used_at AS "lastUsedAt",
    k.first_key AS "firstKeyId"
  FROM api_key k
  WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
    AND (SELECT m.closed_at FROM merchant m WHERE m.id = k.merchant_id) IS NULL AND `;

const NOTE_USE = `
  UPDATE api_key SET last_used_at = $2, last_used_ip = $3
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)`;

const KEY_BY_ID = `
  SELECT k.id, k.merchant_id AS "merchantId", k.project_id AS "projectId", p.name AS "projectName", k.mode, k.kind,
    k.name, k.prefix
  FROM api_key k JOIN project p ON p.id = k.project_id WHERE k.id = $1`;

/** Locked, so that no key is made while the project is archived or blocked. */
const PROJECT = `
  SELECT archived_at AS "archivedAt", moderation FROM project WHERE id = $1 FOR SHARE`;

const INSERT = `
  INSERT INTO api_key
    (id, merchant_id, project_id, mode, kind, scopes, ip_ranges, name, prefix, token_hash, created_at, created_by,
      first_key)
  VALUES ($1, $2, $3, $4::"Mode", $5::"ApiKeyKind", $6, $7, $8, $9, $10, $11, $12, $13)`;

const IS_LIVE = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)';

/** The scopes as they are, locked until the change is written; no row when the key works no more. */
const LIVE_SCOPES = `
  SELECT scopes, rotated_to IS NOT NULL AS rotated FROM api_key WHERE id = $1 AND ${IS_LIVE} FOR NO KEY UPDATE`;

const CHANGE = `
  UPDATE api_key SET name = coalesce($2, name), scopes = coalesce($3, scopes), ip_ranges = coalesce($4, ip_ranges)
  WHERE id = $1`;

const ROTATE = `
  UPDATE api_key SET expires_at = $2, rotated_to = $3 WHERE id = $1
  RETURNING name, scopes, ip_ranges AS "ipRanges", coalesce(first_key, id) AS "firstKeyId"`;

const REVOKE = 'UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id';

type LiveKeyRow = Omit<LiveKey, 'ipRanges'> & { readonly ipRanges: readonly string[] };
type Settings = Pick<NewApiKey, 'name' | 'scopes' | 'ipRanges'> & { readonly firstKeyId: string };

export function createApiKeyStore(pool: Pool, ids: IdSource): ApiKeyStore {
  const rangesOf = createRangeCache();
  const liveKey = async (name: string, where: string, value: unknown, at: Date): Promise<LiveKey | null> => {
    const { rows } = await pool.query<LiveKeyRow>({ name, text: LIVE_KEY + where, values: [value, at] });
    return rows[0] ? { ...rows[0], ipRanges: rangesOf(rows[0].ipRanges) } : null;
  };
  return {
    liveKeyOf: (tokenHash, at) => liveKey('api_key_by_token', 'k.token_hash = $1', tokenHash, at),
    liveKeyById: (apiKeyId, at) => liveKey('api_key_by_id', 'k.id = $1', apiKeyId, at),

    async noteUse(apiKeyId, ip, at) {
      await pool.query({ name: 'api_key_used', text: NOTE_USE, values: [apiKeyId, at, ip] });
    },

    async keyById(apiKeyId) {
      const { rows } = await pool.query<ApiKeyRecord>({ text: KEY_BY_ID, values: [apiKeyId] });
      return rows[0] ?? null;
    },

    createKey: (key, write) =>
      inTransaction(pool, async (client) => {
        const barrier = await projectBarrier(client, key, { archivedToo: false });
        if (barrier !== null) return { barrier };
        await insertKey(client, key, write.at);
        await writeWith(client, ids, write);
        return 'created';
      }),

    changeKey: (apiKeyId, { name = null, scopes = null, ipRanges = null, scopesToGive }, write) =>
      inTransaction(pool, async (client) => {
        const key = await lockLiveKey(client, apiKeyId, write.at);
        if (!key) return 'not_live';
        if (!isWithin(scopes ?? [], [...key.scopes, ...scopesToGive])) return 'beyond_rights';
        // Where a key works from is given away with all that it may do.
        if (ipRanges !== null && !isWithin(scopes ?? key.scopes, scopesToGive)) return 'beyond_rights';
        await client.query({ text: CHANGE, values: [apiKeyId, name, scopes, ipRanges] });
        await writeWith(client, ids, write);
        return 'changed';
      }),

    rotateKey: (apiKeyId, { successor, endsAt, scopesToGive }, write) =>
      inTransaction(pool, async (client) => {
        const barrier = await projectBarrier(client, successor, { archivedToo: true });
        if (barrier !== null) return { barrier };
        const key = await lockLiveKey(client, apiKeyId, write.at);
        if (!key || key.rotated) return 'not_live';
        if (!isWithin(key.scopes, scopesToGive)) return 'beyond_rights';
        const values = [apiKeyId, endsAt, successor.id];
        const { rows } = await client.query<Settings>({ text: ROTATE, values });
        if (!rows[0]) throw new Error(`the locked key ${apiKeyId} is gone`);
        await insertKey(client, { ...successor, ...rows[0] }, write.at);
        await writeWith(client, ids, write);
        return 'rotated';
      }),

    revokeKey: (apiKeyId, write) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query({ text: REVOKE, values: [apiKeyId, write.at] });
        if (rows.length === 0) return false;
        await writeWith(client, ids, write);
        return true;
      }),
  };
}

interface LockedKey {
  readonly scopes: readonly Right[];
  readonly rotated: boolean;
}

async function lockLiveKey(client: PoolClient, apiKeyId: string, at: Date): Promise<LockedKey | null> {
  const { rows } = await client.query<LockedKey>({ text: LIVE_SCOPES, values: [apiKeyId, at] });
  return rows[0] ?? null;
}

const isWithin = (scopes: readonly Right[], allowed: readonly Right[]): boolean =>
  scopes.every((scope) => allowed.includes(scope));

/** Why the project gets no such key now. The shop of an archived project may go on with the keys that it has. */
async function projectBarrier(
  client: PoolClient,
  { projectId, mode }: Pick<NewApiKey, 'projectId' | 'mode'>,
  { archivedToo }: { archivedToo: boolean },
): Promise<string | null> {
  const { rows } = await client.query<ProjectStanding>({ text: PROJECT, values: [projectId] });
  const project = rows[0];
  if (!project) throw new Error(`there is no project ${projectId}`);
  return newBarrier(archivedToo ? { ...project, archivedAt: null } : project, mode);
}

async function insertKey(
  client: PoolClient,
  key: NewApiKey & { readonly firstKeyId?: string },
  at: Date,
): Promise<void> {
  const { id, merchantId, projectId, mode, kind, scopes, ipRanges, name, prefix, tokenHash, createdBy } = key;
  const place = [id, merchantId, projectId, mode, kind];
  await client.query({
    text: INSERT,
    values: [...place, scopes, ipRanges, name, prefix, tokenHash, at, createdBy, key.firstKeyId ?? null],
  });
}

async function writeWith(
  client: PoolClient,
  ids: IdSource,
  { event, at, heldBy }: ApiKeyWrite,
): Promise<void> {
  const { merchantId } = event;
  if (heldBy !== null)
    await startHold(client, ids, { userId: heldBy, merchantId, reason: 'API_KEY_CHANGED', at });
  await writeEvents(client, [event]);
}
