import { z } from 'zod';
import type { Prisma, Refund as RefundRow } from '../../generated/prisma/client.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { createdBetween } from '../core/created-between.ts';
import { given } from '../core/given.ts';
import { partOf, type PagePart } from '../core/keyset-page.ts';
import { Invoice } from '../invoice/invoice.types.ts';
import { RefundReasonEnum, RefundStatusEnum } from './refund.types.ts';

export const RefundFilter = builder.inputType('RefundFilter', {
  description: 'Which refunds to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: [RefundStatusEnum], description: 'Any of these statuses.' }),
    reason: t.field({ type: [RefundReasonEnum], description: 'Given back for any of these reasons.' }),
    invoiceId: t.globalID({ for: [Invoice], description: 'Of this invoice.' }),
    subMerchantId: t.string({
      description: 'For the sub-merchant with this external id.',
      validate: z.string().min(1).max(64).refine(isPlainText, 'This is no id that a sub-merchant can have.'),
    }),
    claimExpired: t.boolean({ description: 'Whose payer let the link run out, or not.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Asked for at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Asked for before this moment.' }),
  }),
});

/** The filter as Prisma takes it; the export reads it in the same way. */
export function refundConditions(filter: typeof RefundFilter.$inferInput) {
  const { status, reason, invoiceId, subMerchantId, claimExpired, ...span } = given(filter);
  return {
    ...(status ? { status: { in: status } } : {}),
    ...(reason ? { reason: { in: reason } } : {}),
    ...(invoiceId ? { invoiceId: invoiceId.id } : {}),
    ...(subMerchantId ? { subMerchantId } : {}),
    ...(claimExpired === undefined ? {} : { claimExpired }),
    ...createdBetween(span),
  };
}

/** A part of a list of refunds. */
export function refundPage(
  prisma: GraphQLContext['prisma'],
  list: Prisma.RefundWhereInput,
  part: PagePart,
): Promise<RefundRow[]> {
  const { bounds, ...order } = partOf(part);
  return prisma.refund.findMany({ ...order, where: { AND: [list, ...bounds] } });
}
