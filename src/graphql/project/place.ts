import { modeFor, type Mode } from '../../domain/access/actor.ts';
import { mayAt, type Right, type RowPlace } from '../../domain/access/rights.ts';
import type { GraphQLContext } from '../core/context.ts';

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
