import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { ownProject } from './own-project.ts';
import type { ProjectArchiveDeps } from './project-archive.ts';

/** Takes a project out of the archive, as it was (FEATURES C3). */
export type ProjectRestore = (
  actor: Actor,
  input: { projectId: string },
) => Promise<Result<{ projectId: string }>>;

export const projectRestore =
  ({ projects, projectSettings, ids, clock, feed }: ProjectArchiveDeps): ProjectRestore =>
  async (actor, { projectId }) => {
    const found = await ownProject(projects, actor, 'project:write', projectId);
    if (!found.ok) return found;
    const event = stampEvent(projectEvent('project.restored', found.value), {
      id: ids.next(),
      actor: eventActor(actor),
      at: clock.now(),
    });
    if (!(await projectSettings.archiveProject(projectId, null, event))) {
      return refuse('WRONG_STATE', 'The project is not archived.', 'projectId');
    }
    feed.poke();
    return done({ projectId });
  };
