import { projectFor } from '../../domain/access/actor.ts';
import type { Event } from '../../domain/event/event.ts';
import { TRANSFER_EVENTS } from '../../domain/event/money-events.ts';
import type { PaymentView } from '../../usecases/ports/payment-reads.ts';
import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden } from '../core/errors.ts';
import { TELLS_EVENTS } from '../core/live-kind.ts';
import { EventObject } from '../event/event.types.ts';
import { liveEvents } from '../event/live-events.ts';
import { ModeEnum } from '../money/money.types.ts';
import { placeAt } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { Payment } from './payment.types.ts';

/** For all that ask at the same moment, whoever they are: many are told of the same event. */
const paymentOf = batched<GraphQLContext['reads'], PaymentView>(
  ({ payments }, ids) => payments.byIds(ids),
  ({ id }) => id,
);

const PaymentUpdate = builder.objectRef<Event>('PaymentUpdate').implement({
  description: 'Something happened to a payment.',
  fields: (t) => ({
    event: t.field({ type: EventObject, description: 'What happened.', resolve: (event) => event }),
    payment: t.field({
      type: Payment,
      description: 'The payment as it is now.',
      resolve: async ({ id, data: { paymentId } }, _args, { reads }) => {
        const payment = typeof paymentId === 'string' ? await paymentOf(reads, paymentId) : null;
        if (!payment) throw new Error(`the payment of event ${id} is not there`);
        return payment;
      },
    }),
  }),
});

builder.subscriptionFields((t) => ({
  paymentUpdated: t.withAuth({ authenticated: true }).field({
    type: PaymentUpdate,
    description:
      'What happens to the payments of one project in one mode: for invoices, and, for those who may see static ' +
      'wallets, deposits to them. With `after`: from there on, none left out.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    extensions: TELLS_EVENTS,
    subscribe: async (_root, { projectId, mode, after }, context) => {
      const id = projectFor(context.actor, projectId?.id);
      const place = id ? await placeAt(context, 'invoice:read', id, mode) : null;
      if (!place) throw forbidden('There is no such project, or its payments are not yours to see.');
      const filter = { ...place, types: TRANSFER_EVENTS };
      return await liveEvents(context, { filter, after, right: 'invoice:read', place });
    },
    resolve: (event) => event,
  }),
}));
