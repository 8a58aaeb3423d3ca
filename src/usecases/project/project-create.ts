import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { DEFAULT_LIFETIME_SECONDS } from '../../domain/invoice/invoice.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Moderation, ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface ProjectCreateInput {
  readonly merchantId: string;
  readonly name: string;
  readonly siteUrl: string | null;
}

/** Creates a project (FEATURES C1). */
export type ProjectCreate = (
  actor: Actor,
  input: ProjectCreateInput,
) => Promise<Result<{ projectId: string }>>;

export interface ProjectCreateDeps {
  readonly projects: ProjectStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
  /** The state that a new project starts in: ACTIVE where the operator moderates nobody. */
  readonly initialModeration: Moderation;
}

export const projectCreate =
  ({ projects, ids, clock, feed, initialModeration }: ProjectCreateDeps): ProjectCreate =>
  async (actor, input) => {
    if (!may(actor, 'project:write', { merchantId: input.merchantId })) {
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    }
    const name = input.name.trim();
    if (name.length < 1 || name.length > 100 || !isPlainLine(name)) {
      return refuse('INVALID_INPUT', 'A project name has 1 to 100 characters in one line.', 'name');
    }
    const at = clock.now();
    const project = {
      id: ids.next(),
      merchantId: input.merchantId,
      name,
      siteUrl: input.siteUrl,
      moderation: initialModeration,
      invoiceLifetimeSeconds: DEFAULT_LIFETIME_SECONDS,
    };
    await projects.createProject(
      project,
      at,
      stampEvent(
        {
          type: 'project.created',
          merchantId: project.merchantId,
          projectId: project.id,
          mode: null,
          subject: { type: 'PROJECT', id: project.id },
          data: { name },
        },
        { id: ids.next(), actor: eventActor(actor), at },
      ),
    );
    feed.poke();
    return done({ projectId: project.id });
  };
