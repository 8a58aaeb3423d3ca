import type { Actor } from '../../domain/access/actor.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { readable } from './readable.ts';

export interface Counts {
  readonly unread: number;
  readonly unseen: number;
}

export const NotificationCounts = builder.objectRef<Counts>('NotificationCounts').implement({
  description: 'How much of the notification centre is new to the person. Archived ones are in no count.',
  fields: (t) => ({
    unread: t.exposeInt('unread', { description: 'Not read yet.' }),
    unseen: t.exposeInt('unseen', { description: 'Of those, not even seen in the list.' }),
  }),
});

/** One statement, by the index of what is unread. */
export async function readCounts({ prisma }: Pick<GraphQLContext, 'prisma'>, actor: Actor): Promise<Counts> {
  const { _all: unread, seenAt: seen } = await prisma.notification.count({
    where: { ...readable(actor), readAt: null, archivedAt: null },
    select: { _all: true, seenAt: true },
  });
  return { unread, unseen: unread - seen };
}
