import type { TeamStore } from '../ports/team-store.ts';
import { refuse, type Result } from '../result.ts';

/** A list that is longer than this is better said with a role. */
const MAX_PROJECTS = 100;

/** Each project once; null for no restriction. */
export const tidyProjects = (projectIds: readonly string[] | null): readonly string[] | null =>
  projectIds && [...new Set(projectIds)];

/** A restriction names projects of that merchant (FEATURES B3); an empty one would be taken for none. */
export async function restrictionFault(
  teams: Pick<TeamStore, 'projectsAmong'>,
  merchantId: string,
  projectIds: readonly string[] | null | undefined,
): Promise<Result<never> | null> {
  if (projectIds === null || projectIds === undefined) return null;
  if (projectIds.length < 1 || projectIds.length > MAX_PROJECTS) {
    const message = `A restriction names 1 to ${MAX_PROJECTS} projects; leave it out or null for all.`;
    return refuse('INVALID_INPUT', message, 'projectIds');
  }
  const known = await teams.projectsAmong(merchantId, projectIds);
  return known.length === new Set(projectIds).size
    ? null
    : refuse('NOT_FOUND', 'There is no such project.', 'projectIds');
}
