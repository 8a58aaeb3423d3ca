import { modeFor, projectFor, type Mode } from '../../domain/access/actor.ts';
import { may, mayAt, type Right, type RowPlace } from '../../domain/access/rights.ts';
import type { GraphQLContext } from '../core/context.ts';
import { InvalidInputError } from '../core/errors.ts';

/** The place that a list or stream is asked for, with its merchant; null where the caller lacks the right. */
export async function placeAt(
  { prisma, actor }: Pick<GraphQLContext, 'prisma' | 'actor'>,
  right: Right,
  projectId: string,
  mode: Mode | null | undefined,
): Promise<RowPlace | null> {
  const owner =
    actor.type === 'API_KEY'
      ? actor
      : await prisma.project.findUnique({ where: { id: projectId }, select: { merchantId: true } });
  const place = owner && { merchantId: owner.merchantId, projectId, mode: modeFor(actor, mode) };
  return place && mayAt(actor, right, place) ? place : null;
}

/** Project and mode of a list that the caller asks for. Throws InvalidInputError where there is none to see. */
export async function listedPlace(
  context: Pick<GraphQLContext, 'prisma' | 'actor'>,
  right: Right,
  named: string | undefined,
  mode: Mode | null | undefined,
): Promise<RowPlace> {
  const projectId = projectFor(context.actor, named);
  if (!projectId) throw invalid('A signed-in person names the project.');
  const place = await placeAt(context, right, projectId, mode);
  if (!place) throw invalid('There is no such project.');
  return place;
}

const invalid = (message: string, argument = 'projectId') =>
  new InvalidInputError({ code: 'INVALID_INPUT', message, path: [argument] });

/** Which projects a list is asked for: one, several, or all of a merchant that the caller may see. */
export interface NamedProjects {
  readonly projectId?: string | undefined;
  readonly projectIds?: readonly string[] | undefined;
  readonly merchantId?: string | undefined;
}

/** So many projects stand in one list at most. */
const MAX_PROJECTS = 100;

/**
 * Projects, in a fixed order, and mode of a list that may go over several projects. An API key has its own project
 * only. Throws InvalidInputError where there is none to see, or one of those that are named is not the caller's.
 */
export async function listedPlaces(
  context: Pick<GraphQLContext, 'prisma' | 'actor'>,
  right: Right,
  named: NamedProjects,
  mode: Mode | null | undefined,
): Promise<{ projectIds: string[]; mode: Mode }> {
  const given = [named.projectId, named.projectIds, named.merchantId].filter((value) => value !== undefined);
  if (given.length > 1) throw invalid('Name one project, several, or the merchant.');
  if (named.merchantId !== undefined) {
    return await placesOfMerchant(context, right, named.merchantId, modeFor(context.actor, mode));
  }
  if (named.projectIds === undefined) {
    const { projectId, mode: listed } = await listedPlace(context, right, named.projectId, mode);
    return { projectIds: [projectId], mode: listed };
  }
  const projectIds = [...new Set(named.projectIds)].toSorted();
  if (projectIds.length < 1 || projectIds.length > MAX_PROJECTS) {
    throw invalid(`Name 1 to ${MAX_PROJECTS} projects.`, 'projectIds');
  }
  const owners = await context.prisma.project.findMany({
    where: { id: { in: projectIds } },
    select: { id: true, merchantId: true },
  });
  const listed = modeFor(context.actor, mode);
  const seen = owners.filter(({ id, merchantId }) =>
    mayAt(context.actor, right, { merchantId, projectId: id, mode: listed }),
  );
  if (seen.length < projectIds.length) throw invalid('There is no such project.', 'projectIds');
  return { projectIds, mode: listed };
}

/** What the caller may see of a merchant, archived projects too. */
async function placesOfMerchant(
  { prisma, actor }: Pick<GraphQLContext, 'prisma' | 'actor'>,
  right: Right,
  merchantId: string,
  mode: Mode,
): Promise<{ projectIds: string[]; mode: Mode }> {
  const own = actor.type === 'API_KEY' ? { id: actor.projectId } : {};
  const projects = await prisma.project.findMany({
    where: { merchantId, ...own },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  const seen = projects.filter(({ id }) => mayAt(actor, right, { merchantId, projectId: id, mode }));
  if (seen.length === 0 && !may(actor, right, { merchantId }))
    throw invalid('There is no such merchant.', 'merchantId');
  return { projectIds: seen.map(({ id }) => id), mode };
}
