import type { ApiKeyActor, Client } from '../../domain/access/actor.ts';
import { isAllowedFrom, isBound } from '../../domain/access/ip-range.ts';
import type { ApiKeyStore, LiveKey } from '../ports/api-key-store.ts';

/** Why a secret that somebody showed opens nothing, where that is more than "nobody has it". */
export interface TurnedAway {
  readonly code: 'UNAUTHENTICATED' | 'RATE_LIMITED';
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** The key that was shown from an address which it does not allow. */
  readonly apiKeyId?: string;
}

/** How exact "last used" is, in milliseconds; a write for every request would cost more than it tells. */
const LAST_USED_MS = 60_000;

/** The actor of a key that is used from this address; null where its list does not have the address (FEATURES B5). */
export function keyActor(
  { ipRanges, lastUsedAt: _lastUsedAt, ...key }: LiveKey,
  client: Client | undefined,
): ApiKeyActor | null {
  if (!isAllowedFrom(ipRanges, client?.ip)) return null;
  return { type: 'API_KEY', ...key, isIpBound: isBound(ipRanges), ...(client ? { client } : {}) };
}

/** The actor of a key's secret; notes its use, at most once a minute. Null for a key that nobody has any more. */
export async function recogniseApiKey(
  keys: Pick<ApiKeyStore, 'liveKeyOf' | 'noteUse'>,
  tokenHash: Uint8Array,
  client: Client,
  at: Date,
): Promise<ApiKeyActor | TurnedAway | null> {
  const key = await keys.liveKeyOf(tokenHash, at);
  if (!key) return null;
  const { apiKeyId, lastUsedAt } = key;
  const actor = keyActor(key, client);
  if (!actor) {
    const message = 'This API key may not be used from this address.';
    return { code: 'UNAUTHENTICATED', message, apiKeyId };
  }
  if (!lastUsedAt || at.getTime() - lastUsedAt.getTime() > LAST_USED_MS)
    await keys.noteUse(apiKeyId, client.ip, at);
  return actor;
}
