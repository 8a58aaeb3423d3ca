import type { UserActor } from '../../domain/access/actor.ts';
import { isGuarded, scopesToGive } from '../../domain/access/api-key.ts';
import { done, refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import { readSettings, type ApiKeySettings } from './api-key-input.ts';
import { beyondRights, keyEnded, keyWrite, managedKey, type ApiKeyDeps } from './api-key-writing.ts';

export interface ApiKeyUpdateInput extends ApiKeySettings {
  readonly apiKeyId: string;
}

/** Changes name, scopes or addresses of a key at once, also for sockets that are open (FEATURES B4, B5). */
export type ApiKeyUpdate = (
  actor: UserActor,
  input: ApiKeyUpdateInput,
) => Promise<Result<{ apiKeyId: string }>>;

export const apiKeyUpdate =
  (deps: ApiKeyDeps): ApiKeyUpdate =>
  async (actor, { apiKeyId, ...input }) => {
    const { keys, clock, feed } = deps;
    const managed = await managedKey(deps, actor, apiKeyId);
    if (!managed.ok) return managed;
    const key = managed.value;
    const settings = readSettings(key.kind, input);
    if (!settings.ok) return settings;
    if (Object.keys(settings.value).length === 0)
      return refuse('INVALID_INPUT', 'Say what to change: name, scopes or ipRanges.', 'name');
    const at = clock.now();
    const absent = isGuarded(key) && stepUpMissing(actor, at);
    if (absent) return absent;
    const told = { ...key, ...settings.value };
    const write = keyWrite(deps, 'api_key.changed', told, { actor, at });
    const change = { ...settings.value, scopesToGive: scopesToGive(actor, key.kind, key) };
    const changed = await keys.changeKey(apiKeyId, change, write);
    if (changed === 'beyond_rights') return beyondRights('scopes');
    if (changed === 'not_live') return keyEnded();
    feed.poke();
    return done({ apiKeyId });
  };
