import type { Actor } from '../../domain/access/actor.ts';
import { may, type Right } from '../../domain/access/rights.ts';
import type { ProjectRecord, ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** The project if the actor has the right there; otherwise it looks like one that does not exist (FEATURES B7). */
export async function ownProject(
  projects: Pick<ProjectStore, 'projectById'>,
  actor: Actor,
  right: Right,
  projectId: string,
): Promise<Result<ProjectRecord>> {
  const project = await projects.projectById(projectId);
  if (!project || !may(actor, right, { merchantId: project.merchantId, projectId, mode: 'ANY' })) {
    return refuse('NOT_FOUND', 'There is no such project.', 'projectId');
  }
  return done(project);
}

/** What every change of an archived project is told. */
export const archived = (): Result<never> =>
  refuse('WRONG_STATE', 'The project is archived: restore it first.', 'projectId');
