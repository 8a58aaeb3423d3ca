import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { ProjectSettingsStore } from '../ports/project-settings-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { ownProject } from './own-project.ts';

/**
 * Archives a project: nothing new is made in it, and what is open goes on, since a payer may be on the way
 * (FEATURES C3; a project is never deleted).
 */
export type ProjectArchive = (
  actor: Actor,
  input: { projectId: string },
) => Promise<Result<{ projectId: string }>>;

export interface ProjectArchiveDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly projectSettings: Pick<ProjectSettingsStore, 'archiveProject'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const projectArchive =
  ({ projects, projectSettings, ids, clock, feed }: ProjectArchiveDeps): ProjectArchive =>
  async (actor, { projectId }) => {
    const found = await ownProject(projects, actor, 'project:write', projectId);
    if (!found.ok) return found;
    const at = clock.now();
    const event = stampEvent(projectEvent('project.archived', found.value), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    if (!(await projectSettings.archiveProject(projectId, at, event))) {
      return refuse('WRONG_STATE', 'The project is archived already.', 'projectId');
    }
    feed.poke();
    return done({ projectId });
  };
