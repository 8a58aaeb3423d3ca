import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { DEFAULT_LIFETIME_SECONDS } from '../../domain/invoice/invoice.ts';
import { moderationAfter, type Moderation } from '../../domain/project/moderation.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import { PROJECT_NAME_RULE, projectName } from '../../domain/project/project-name.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface ProjectCreateInput {
  readonly merchantId: string;
  readonly name: string;
  readonly siteUrl: string | null;
  /** Asks for moderation at once, where there is any. */
  readonly requestModeration?: boolean;
}

/** Creates a project (FEATURES C1). */
export type ProjectCreate = (
  actor: Actor,
  input: ProjectCreateInput,
) => Promise<Result<{ projectId: string }>>;

export interface ProjectCreateDeps {
  readonly projects: Pick<ProjectStore, 'createProject'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
  /** The state that a new project starts in: ACTIVE where the operator moderates nobody. */
  readonly initialModeration: Moderation;
}

export const projectCreate =
  ({ projects, ids, clock, feed, initialModeration }: ProjectCreateDeps): ProjectCreate =>
  async (actor, { merchantId, siteUrl, ...input }) => {
    if (!may(actor, 'project:write', { merchantId })) {
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    }
    const name = projectName(input.name);
    if (name === null) return refuse('INVALID_INPUT', PROJECT_NAME_RULE, 'name');
    const at = clock.now();
    const by = eventActor(actor);
    const id = ids.next();
    const asked = input.requestModeration ? moderationAfter(initialModeration, 'REQUEST') : null;
    const requested = asked && {
      id: ids.next(),
      projectId: id,
      from: initialModeration,
      to: asked,
      reason: null,
      actor: by,
      at,
    };
    const moderation = asked ?? initialModeration;
    const invoiceLifetimeSeconds = DEFAULT_LIFETIME_SECONDS;
    const project = { id, merchantId, name, siteUrl, moderation, invoiceLifetimeSeconds, requested, at };
    const drafts = [
      projectEvent('project.created', project),
      ...(requested ? [projectEvent('project.moderation_requested', project)] : []),
    ];
    await projects.createProject(
      project,
      drafts.map((draft) => stampEvent(draft, { id: ids.next(), actor: by, at })),
    );
    feed.poke();
    return done({ projectId: id });
  };
