import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { LogoStore } from '../ports/logo-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { archived, ownProject } from '../project/own-project.ts';

/** Takes a project's logo away (FEATURES C1). */
export type ProjectLogoRemove = (
  actor: Actor,
  input: { projectId: string },
) => Promise<Result<{ projectId: string }>>;

export interface ProjectLogoRemoveDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly logos: Pick<LogoStore, 'changeLogo'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const projectLogoRemove =
  ({ projects, logos, ids, clock, feed }: ProjectLogoRemoveDeps): ProjectLogoRemove =>
  async (actor, { projectId }) => {
    for (;;) {
      const found = await ownProject(projects, actor, 'project:write', projectId);
      if (!found.ok) return found;
      const project = found.value;
      if (project.archivedAt !== null) return archived();
      if (project.logoId === null) return refuse('WRONG_STATE', 'The project has no logo.', 'projectId');
      const at = clock.now();
      const event = stampEvent(projectEvent('project.updated', project, { changed: 'logo' }), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      });
      const outcome = await logos.changeLogo({ projectId, seen: project.logoId, logo: null, at }, event);
      if (outcome === 'written') {
        feed.poke();
        return done({ projectId });
      }
    }
  };
