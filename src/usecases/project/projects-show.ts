import type { UserActor } from '../../domain/access/actor.ts';
import { may, type Right } from '../../domain/access/rights.ts';
import { newBarrier } from '../../domain/project/moderation.ts';
import type { MerchantReads } from '../ports/merchant-reads.ts';

export interface ShownProject {
  readonly projectId: string;
  readonly name: string;
  /** Whether something new can be made in it in LIVE mode. */
  readonly isLive: boolean;
}

export interface ProjectsShowInput {
  readonly merchantId: string;
  /** Only where the person may do this. */
  readonly right: Right;
}

/** The merchant's projects that are not archived, oldest first, where the person has the right; none without. */
export type ProjectsShow = (actor: UserActor, input: ProjectsShowInput) => Promise<readonly ShownProject[]>;

/** More than anybody reads in a chat. */
const MOST = 1_000;

export const projectsShow =
  ({ merchantReads }: { readonly merchantReads: Pick<MerchantReads, 'projects'> }): ProjectsShow =>
  async (actor, { merchantId, right }) =>
    (await merchantReads.projects(merchantId, MOST))
      .filter(
        ({ id: projectId, archivedAt }) =>
          archivedAt === null && may(actor, right, { merchantId, projectId }),
      )
      .map((project) => ({
        projectId: project.id,
        name: project.name,
        isLive: newBarrier(project, 'LIVE') === null,
      }));
