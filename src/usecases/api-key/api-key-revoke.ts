import type { UserActor } from '../../domain/access/actor.ts';
import { done, type Result } from '../result.ts';
import { keyWrite, managedKey, type ApiKeyDeps } from './api-key-writing.ts';

/**
 * Ends a key at once, also on sockets that are open (FEATURES B4). Asks for nothing but the right: whoever sees a key
 * misused must be quick. Safe to repeat; a successor lives on.
 */
export type ApiKeyRevoke = (
  actor: UserActor,
  input: { readonly apiKeyId: string },
) => Promise<Result<{ apiKeyId: string }>>;

export const apiKeyRevoke =
  (deps: ApiKeyDeps): ApiKeyRevoke =>
  async (actor, { apiKeyId }) => {
    const { keys, clock, feed } = deps;
    const managed = await managedKey(deps, actor, apiKeyId);
    if (!managed.ok) return managed;
    const write = keyWrite(deps, 'api_key.revoked', managed.value, { actor, at: clock.now() });
    if (await keys.revokeKey(apiKeyId, write)) feed.poke();
    return done({ apiKeyId });
  };
