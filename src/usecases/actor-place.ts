import { modeFor, projectFor, type Actor, type Mode } from '../domain/access/actor.ts';
import { may, type Right } from '../domain/access/rights.ts';
import type { ProjectRecord, ProjectStore } from './ports/project-store.ts';
import { done, refuse, type Result } from './result.ts';

export interface ProjectPlace {
  readonly project: ProjectRecord;
  readonly mode: Mode;
}

/**
 * The project and mode that a request is about: an API key's own ones, or those that a person names (mode LIVE
 * unless said). A project where the actor lacks the right looks like one that does not exist (FEATURES B7).
 */
export async function projectPlace(
  projects: Pick<ProjectStore, 'projectById'>,
  actor: Actor,
  right: Right,
  named: { readonly projectId?: string | null | undefined; readonly mode?: Mode | null | undefined },
): Promise<Result<ProjectPlace>> {
  const projectId = projectFor(actor, named.projectId);
  if (!projectId) return refuse('INVALID_INPUT', 'A signed-in person names the project.', 'projectId');
  const mode = modeFor(actor, named.mode);
  const project = await projects.projectById(projectId);
  if (!project || !may(actor, right, { merchantId: project.merchantId, projectId, mode })) {
    return refuse('NOT_FOUND', 'There is no such project.', 'projectId');
  }
  return done({ project, mode });
}
