import type { Event } from '../../domain/event/event.ts';
import { mayAt } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';
import { forbidden } from '../core/errors.ts';
import { TELLS_EVENTS } from '../core/live-kind.ts';
import { EventObject } from '../event/event.types.ts';
import { liveEvents } from '../event/live-events.ts';
import { asksForChildren } from './invoice-selection.ts';
import { Invoice } from './invoice.types.ts';

const InvoiceUpdate = builder.objectRef<Event>('InvoiceUpdate').implement({
  description: 'Something happened to an invoice.',
  fields: (t) => ({
    event: t.field({ type: EventObject, description: 'What happened.', resolve: (event) => event }),
    invoice: t.field({
      type: Invoice,
      description: 'The invoice as it is now.',
      resolve: async ({ subject }, _args, { reads }, info) => {
        const invoice = await reads.invoices.byId(subject.id, asksForChildren(info));
        if (!invoice) throw new Error('an invoice with an event is not there');
        return invoice;
      },
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
    extensions: TELLS_EVENTS,
    subscribe: async (_root, { id, after }, context) => {
      const invoice = await context.reads.invoices.byId(id.id, false);
      if (!invoice || !mayAt(context.actor, 'invoice:read', invoice)) {
        throw forbidden('There is no such invoice, or it is not yours to see.');
      }
      const { merchantId, projectId, mode } = invoice;
      return liveEvents(context, {
        filter: { subjectId: invoice.id },
        after,
        right: 'invoice:read',
        place: { merchantId, projectId, mode },
      });
    },
    resolve: (event) => event,
  }),
}));
