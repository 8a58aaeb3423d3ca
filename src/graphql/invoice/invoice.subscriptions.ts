import { may } from '../../domain/access/rights.ts';
import type { Event } from '../../domain/event/event.ts';
import { builder } from '../core/builder.ts';
import { forbidden } from '../core/errors.ts';
import { EventObject } from '../event/event.types.ts';
import { liveEvents } from '../event/live-events.ts';
import { Invoice } from './invoice.types.ts';

const InvoiceUpdate = builder.objectRef<Event>('InvoiceUpdate').implement({
  description: 'Something happened to an invoice.',
  fields: (t) => ({
    event: t.field({ type: EventObject, description: 'What happened.', resolve: (event) => event }),
    invoice: t.prismaField({
      type: Invoice,
      description: 'The invoice as it is now.',
      resolve: (query, event, _args, { prisma }) =>
        prisma.invoice.findUniqueOrThrow({ ...query, where: { id: event.subject.id } }),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  invoiceUpdated: t.withAuth({ authenticated: true }).field({
    type: InvoiceUpdate,
    description: 'What happens to one invoice. With `after`: from there on, none left out.',
    args: {
      id: t.arg.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    subscribe: async (_root, { id, after }, context) => {
      const invoice = await context.prisma.invoice.findUnique({ where: { id: id.id } });
      const allowed =
        invoice &&
        may(context.actor, 'invoice:read', {
          merchantId: invoice.merchantId,
          projectId: invoice.projectId,
          mode: invoice.mode,
        });
      if (!allowed) throw forbidden('There is no such invoice, or it is not yours to see.');
      return liveEvents(context, { subjectId: invoice.id }, after);
    },
    resolve: (event) => event,
  }),
}));
