import { modeFor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { may, type Place } from '../../domain/access/rights.ts';
import type { Event } from '../../domain/event/event.ts';
import { PAYOUT_EVENTS } from '../../domain/event/money-events.ts';
import type { Payout as PayoutRow } from '../../generated/prisma/client.ts';
import { Merchant } from '../account/account.types.ts';
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
import { Payout } from './payout.types.ts';

/** For all that ask at the same moment: many are told of the same event. */
const payoutOf = batched<GraphQLContext['prisma'], PayoutRow>(
  (prisma, ids) => prisma.payout.findMany({ where: { id: { in: [...ids] } } }),
  ({ id }) => id,
);

const PayoutUpdate = builder.objectRef<Event>('PayoutUpdate').implement({
  description: 'Something happened to a payout.',
  fields: (t) => ({
    event: t.field({ type: EventObject, description: 'What happened.', resolve: (event) => event }),
    payout: t.field({
      type: Payout,
      description: 'The payout as it is now.',
      resolve: async ({ id, subject }, _args, { prisma }) => {
        const payout = await payoutOf(prisma, subject.id);
        if (!payout) throw new Error(`the payout of event ${id} is not there`);
        return payout;
      },
    }),
  }),
});

builder.subscriptionFields((t) => ({
  payoutUpdated: t.withAuth({ authenticated: true }).field({
    type: PayoutUpdate,
    description:
      'What happens to the payouts of a merchant, or of one of its projects, in one mode. An API key follows those ' +
      'of its own project. With `after`: from there on, none left out.',
    args: {
      merchantId: t.arg.globalID({
        for: [Merchant],
        description: 'A signed-in person names a merchant or a project.',
      }),
      projectId: t.arg.globalID({
        for: [Project],
        description: 'Only what its keys asked for, and what carries out its refunds and rebounds.',
      }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    extensions: TELLS_EVENTS,
    subscribe: async (_root, { merchantId, projectId, mode, after }, context) => {
      const key = context.actor.type === 'API_KEY' ? context.actor.projectId : undefined;
      const named = projectId?.id ?? key;
      const place = named
        ? await placeAt(context, 'payout:read', named, mode)
        : merchantPlace(context.actor, merchantId?.id, mode);
      if (!place || (merchantId && merchantId.id !== place.merchantId))
        throw forbidden('There is no such merchant or project, or its payouts are not yours to see.');
      const filter = { ...place, types: PAYOUT_EVENTS };
      return await liveEvents(context, { filter, after, right: 'payout:read', place });
    },
    resolve: (event) => event,
  }),
}));

/** The merchant as a whole, for a member who may see its payouts; null for anybody else. */
function merchantPlace(
  actor: Actor,
  merchantId: string | undefined,
  mode: Mode | null | undefined,
): (Place & { readonly mode: Mode }) | null {
  const place = merchantId === undefined ? null : { merchantId, mode: modeFor(actor, mode) };
  return place && may(actor, 'payout:read', place) ? place : null;
}
