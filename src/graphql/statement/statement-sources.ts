import { mayAt } from '../../domain/access/rights.ts';
import { batched } from '../core/batched.ts';
import type { GraphQLContext } from '../core/context.ts';
import { rightToSee } from '../payment/payment.types.ts';
import { visibleProjects, visibleRows, visibleToMembers } from '../project/visible-rows.ts';

type Reads = Pick<GraphQLContext, 'prisma' | 'actor' | 'reads'>;

const idOf = ({ id }: { readonly id: string }): string => id;
const among = (ids: readonly string[]) => ({ id: { in: [...ids] } });

/** What moved the lines of a statement: each kind by one statement for a whole page, as far as the caller may see it. */
export const sources = {
  project: batched(
    ({ prisma, actor }: Reads, ids) =>
      prisma.project.findMany({ where: { ...among(ids), ...visibleProjects(actor, 'project:read') } }),
    idOf,
  ),
  payment: batched(
    async ({ reads, actor }: Reads, ids) =>
      (await reads.payments.byIds(ids)).filter((payment) => mayAt(actor, rightToSee(payment), payment)),
    idOf,
  ),
  payout: batched(
    ({ prisma, actor }: Reads, ids) =>
      prisma.payout.findMany({
        where: {
          ...among(ids),
          OR: [visibleRows(actor, 'payout:read'), visibleToMembers(actor, 'payout:read')],
        },
      }),
    idOf,
  ),
  refund: batched(
    ({ prisma, actor }: Reads, ids) =>
      prisma.refund.findMany({ where: { ...among(ids), ...visibleRows(actor, 'invoice:read') } }),
    idOf,
  ),
  rebound: batched(
    ({ prisma, actor }: Reads, ids) =>
      prisma.rebound.findMany({ where: { ...among(ids), ...visibleRows(actor, 'invoice:read') } }),
    idOf,
  ),
};
