import type { Prisma, Rebound as ReboundRow } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { createdBetween } from '../core/created-between.ts';
import { given } from '../core/given.ts';
import { partOf, type PagePart } from '../core/keyset-page.ts';
import { Invoice } from '../invoice/invoice.types.ts';
import { HeldReasonEnum } from '../payment/payment.enums.ts';
import { Payment } from '../payment/payment.types.ts';
import { ReboundStatusEnum } from './rebound.types.ts';

export const ReboundFilter = builder.inputType('ReboundFilter', {
  description: 'Which rebounds to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: [ReboundStatusEnum], description: 'Any of these statuses.' }),
    reason: t.field({
      type: [HeldReasonEnum],
      description: 'Whose money was held for any of these reasons.',
    }),
    paymentId: t.globalID({ for: [Payment], description: 'Of this payment.' }),
    claimExpired: t.boolean({ description: 'Whose payer let the link run out, or not.' }),
    invoiceId: t.globalID({ for: [Invoice], description: 'Of a payment of this invoice.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Decided at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Decided before this moment.' }),
  }),
});

/** The filter as Prisma takes it; the export reads it in the same way. */
export function reboundConditions(filter: typeof ReboundFilter.$inferInput) {
  const { status, reason, paymentId, invoiceId, claimExpired, ...span } = given(filter);
  return {
    ...(status ? { status: { in: status } } : {}),
    ...(reason ? { reason: { in: reason } } : {}),
    ...(paymentId ? { paymentId: paymentId.id } : {}),
    ...(claimExpired === undefined ? {} : { claimExpired }),
    ...(invoiceId ? { invoiceId: invoiceId.id } : {}),
    ...createdBetween(span),
  };
}

/** A part of a list of rebounds. */
export function reboundPage(
  prisma: GraphQLContext['prisma'],
  list: Prisma.ReboundWhereInput,
  part: PagePart,
): Promise<ReboundRow[]> {
  const { bounds, ...order } = partOf(part);
  return prisma.rebound.findMany({ ...order, where: { AND: [list, ...bounds] } });
}
