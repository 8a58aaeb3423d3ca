import type { Mode, UserActor } from '../../domain/access/actor.ts';
import { DEFAULT_SCOPES, isGuarded, scopesToGive, type ApiKeyKind } from '../../domain/access/api-key.ts';
import { may } from '../../domain/access/rights.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import { readSettings, type ApiKeySettings } from './api-key-input.ts';
import { beyondRights, issueKey, keyWrite, noNewKey, type ApiKeyDeps } from './api-key-writing.ts';

export interface ApiKeyCreateInput extends ApiKeySettings {
  readonly projectId: string;
  readonly mode: Mode;
  readonly kind: ApiKeyKind;
  readonly name: string;
}

/**
 * Makes an API key (FEATURES B4). The secret is in this answer and nowhere else. A secret LIVE key asks for presence,
 * and holds the merchant's payouts back (FEATURES A11).
 */
export type ApiKeyCreate = (
  actor: UserActor,
  input: ApiKeyCreateInput,
) => Promise<Result<{ apiKeyId: string; secret: string }>>;

export interface ApiKeyCreateDeps extends ApiKeyDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly secrets: Secrets;
}

export const apiKeyCreate =
  (deps: ApiKeyCreateDeps): ApiKeyCreate =>
  async (actor, input) => {
    const { keys, projects, secrets, ids, clock, feed } = deps;
    const { projectId, mode, kind } = input;
    const project = await projects.projectById(projectId);
    if (!project || !may(actor, 'api_key:write', { merchantId: project.merchantId, projectId })) {
      return refuse('NOT_FOUND', 'There is no such project.', 'projectId');
    }
    const settings = readSettings(kind, input);
    if (!settings.ok) return settings;
    const at = clock.now();
    const absent = isGuarded(input) && stepUpMissing(actor, at);
    if (absent) return absent;
    const { name = '', scopes = DEFAULT_SCOPES[kind], ipRanges = [] } = settings.value;
    const { merchantId, name: projectName } = project;
    const toGive = scopesToGive(actor, kind, { merchantId, projectId });
    if (!scopes.every((scope) => toGive.includes(scope))) return beyondRights('scopes');
    const createdBy = actor.userId;
    const { key, secret } = issueKey(secrets, {
      id: ids.next(),
      merchantId,
      projectId,
      mode,
      kind,
      createdBy,
    });
    const write = keyWrite(deps, 'api_key.created', { ...key, name, projectName }, { actor, at });
    const made = await keys.createKey({ ...key, name, scopes, ipRanges }, write);
    if (made !== 'created') return noNewKey(made);
    feed.poke();
    return done({ apiKeyId: key.id, secret });
  };
