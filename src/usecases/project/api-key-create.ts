import { eventActor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface ApiKeyCreateInput {
  readonly projectId: string;
  readonly mode: Mode;
  readonly kind: 'PUBLISHABLE' | 'SECRET';
  readonly name: string;
}

/** Makes an API key (FEATURES B4). The secret is in this answer and nowhere else. */
export type ApiKeyCreate = (
  actor: Actor,
  input: ApiKeyCreateInput,
) => Promise<Result<{ apiKeyId: string; secret: string }>>;

export interface ApiKeyCreateDeps {
  readonly projects: ProjectStore;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** How keys begin, so that people and secret scanners can tell them apart. */
export const API_KEY_PREFIX = {
  SECRET_TEST: 'pbsk_test_',
  SECRET_LIVE: 'pbsk_live_',
  PUBLISHABLE_TEST: 'pbpk_test_',
  PUBLISHABLE_LIVE: 'pbpk_live_',
} as const;

/** Characters of the random part that are kept to recognise a key. */
const SHOWN = 4;

export const apiKeyCreate =
  ({ projects, secrets, ids, clock, feed }: ApiKeyCreateDeps): ApiKeyCreate =>
  async (actor, input) => {
    const project = await projects.projectById(input.projectId);
    if (!project || !may(actor, 'api_key:write', { merchantId: project.merchantId })) {
      return refuse('NOT_FOUND', 'There is no such project.', 'projectId');
    }
    if (input.mode === 'LIVE' && project.moderation !== 'ACTIVE') {
      return refuse('PROJECT_NOT_ACTIVE', 'Live keys need a project that passed moderation.', 'mode');
    }
    const name = input.name.trim();
    if (name.length < 1 || name.length > 100 || !isPlainLine(name)) {
      return refuse('INVALID_INPUT', 'A key name has 1 to 100 characters in one line.', 'name');
    }
    const at = clock.now();
    const prefix = API_KEY_PREFIX[`${input.kind}_${input.mode}`];
    const { secret, hash } = secrets.issue(prefix);
    const { mode, kind } = input;
    const { id: projectId, merchantId } = project;
    const key = {
      id: ids.next(),
      merchantId,
      projectId,
      mode,
      kind,
      name,
      prefix: secret.slice(0, prefix.length + SHOWN),
      tokenHash: hash,
      at,
    };
    await projects.createApiKey(
      key,
      stampEvent(
        {
          type: 'api_key.created',
          merchantId,
          projectId,
          mode,
          subject: { type: 'API_KEY', id: key.id },
          data: { name, kind, prefix: key.prefix, projectName: project.name },
        },
        { id: ids.next(), actor: eventActor(actor), at },
      ),
    );
    feed.poke();
    return done({ apiKeyId: key.id, secret });
  };
