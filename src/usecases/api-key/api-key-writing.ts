import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { API_KEY_PREFIX, isGuarded } from '../../domain/access/api-key.ts';
import { may } from '../../domain/access/rights.ts';
import type { EventData } from '../../domain/event/event.ts';
import type {
  ApiKeyRecord,
  ApiKeyStore,
  ApiKeyWrite,
  ProjectBarrier,
  Successor,
} from '../ports/api-key-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface ApiKeyDeps {
  readonly keys: ApiKeyStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** Characters of the random part that are kept to recognise a key. */
const SHOWN = 4;

/** A key that the person may manage; any other looks like one that does not exist. */
export async function managedKey(
  { keys }: Pick<ApiKeyDeps, 'keys'>,
  actor: UserActor,
  apiKeyId: string,
): Promise<Result<ApiKeyRecord>> {
  const key = await keys.keyById(apiKeyId);
  return key && may(actor, 'api_key:write', key)
    ? done(key)
    : refuse('NOT_FOUND', 'There is no such key.', 'apiKeyId');
}

/** A fresh secret with what is kept of it. */
export function issueKey(
  secrets: Secrets,
  key: Omit<Successor, 'prefix' | 'tokenHash'>,
): { readonly key: Successor; readonly secret: string } {
  const prefix = API_KEY_PREFIX[`${key.kind}_${key.mode}`];
  const { secret, hash } = secrets.issue(prefix);
  return { key: { ...key, prefix: secret.slice(0, prefix.length + SHOWN), tokenHash: hash }, secret };
}

/** The event of a change, and whether the change holds payouts back: revoking never does. */
export function keyWrite(
  { ids }: Pick<ApiKeyDeps, 'ids'>,
  type: 'api_key.created' | 'api_key.changed' | 'api_key.rotated' | 'api_key.revoked',
  key: ApiKeyRecord,
  { actor, at, more = {} }: { readonly actor: UserActor; readonly at: Date; readonly more?: EventData },
): ApiKeyWrite {
  const { id, merchantId, projectId, projectName, mode, kind, name, prefix } = key;
  const event = stampEvent(
    {
      type,
      merchantId,
      projectId,
      mode,
      subject: { type: 'API_KEY', id },
      data: { name, kind, prefix, projectName, ...more },
    },
    { id: ids.next(), actor: eventActor(actor), at },
  );
  return { event, at, heldBy: type !== 'api_key.revoked' && isGuarded(key) ? actor.userId : null };
}

export const noNewKey = ({ barrier }: ProjectBarrier): Result<never> => refuse('PROJECT_NOT_ACTIVE', barrier);

/** What nobody gives: a key that can do more than the person. */
export const beyondRights = (field: 'scopes' | 'apiKeyId'): Result<never> =>
  refuse('WRONG_STATE', 'Nobody gives a key a scope whose right is not the own one.', field);

export const keyEnded = (): Result<never> =>
  refuse('WRONG_STATE', 'The key is revoked or has ended.', 'apiKeyId');
