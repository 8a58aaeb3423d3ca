import type { UserActor } from '../../domain/access/actor.ts';
import { isGuarded, scopesToGive } from '../../domain/access/api-key.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import {
  beyondRights,
  issueKey,
  keyWrite,
  managedKey,
  noNewKey,
  type ApiKeyDeps,
} from './api-key-writing.ts';

export interface ApiKeyRotateInput {
  readonly apiKeyId: string;
  /** Whole hours for which the old key works on, 0 to 168. */
  readonly overlapHours: number;
}

/**
 * Gives a key a successor with the same settings and a secret of its own, and ends the old one after the overlap
 * (FEATURES B4). A key has one successor: what is rotated next is the successor.
 */
export type ApiKeyRotate = (
  actor: UserActor,
  input: ApiKeyRotateInput,
) => Promise<Result<{ apiKeyId: string; secret: string; endsAt: Date }>>;

export interface ApiKeyRotateDeps extends ApiKeyDeps {
  readonly secrets: Secrets;
}

const MAX_OVERLAP_HOURS = 168;
const HOUR_MS = 3_600_000;

export const apiKeyRotate =
  (deps: ApiKeyRotateDeps): ApiKeyRotate =>
  async (actor, { apiKeyId, overlapHours }) => {
    const { keys, secrets, ids, clock, feed } = deps;
    const managed = await managedKey(deps, actor, apiKeyId);
    if (!managed.ok) return managed;
    const old = managed.value;
    if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > MAX_OVERLAP_HOURS)
      return refuse('INVALID_INPUT', 'The overlap is 0 to 168 hours.', 'overlapHours');
    const at = clock.now();
    const absent = isGuarded(old) && stepUpMissing(actor, at);
    if (absent) return absent;
    const { merchantId, projectId, mode, kind } = old;
    const createdBy = actor.userId;
    const { key, secret } = issueKey(secrets, {
      id: ids.next(),
      merchantId,
      projectId,
      mode,
      kind,
      createdBy,
    });
    const endsAt = new Date(at.getTime() + overlapHours * HOUR_MS);
    const more = { endsAt: endsAt.toISOString(), rotatedTo: key.id };
    const write = keyWrite(deps, 'api_key.rotated', old, { actor, at, more });
    const rotation = { successor: key, endsAt, scopesToGive: scopesToGive(actor, kind, old) };
    const made = await keys.rotateKey(apiKeyId, rotation, write);
    if (made === 'beyond_rights') return beyondRights('apiKeyId');
    if (made === 'not_live')
      return refuse('WRONG_STATE', 'The key is revoked, has ended or has a successor.', 'apiKeyId');
    if (made !== 'rotated') return noNewKey(made);
    feed.poke();
    return done({ apiKeyId: key.id, secret, endsAt });
  };
