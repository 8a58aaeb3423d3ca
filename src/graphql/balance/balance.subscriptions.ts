import { may, type Place } from '../../domain/access/rights.ts';
import type { Event } from '../../domain/event/event.ts';
import { BALANCE_EVENTS } from '../../domain/event/money-events.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { TELLS_STATE } from '../core/live-kind.ts';
import { EventObject } from '../event/event.types.ts';
import { mayHear } from '../event/live-events.ts';
import { liveState, type StateChange } from '../event/live-state.ts';
import { ModeEnum } from '../money/money.types.ts';
import { balancePlace, type BalancePlace } from './balance-place.ts';
import { BalanceType, readBalances } from './balance.types.ts';

/** A few times a second: a burst of payments would read the same rows for each of them. */
const GAP_MS = 250;

const BalanceUpdate = builder.objectRef<StateChange<BalancePlace>>('BalanceUpdate').implement({
  description: 'How the balances of a merchant stand.',
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'EventCursor',
      description: 'The balances hold what happened up to here. Give it as `after` to go on from it.',
    }),
    event: t.field({
      type: EventObject,
      nullable: true,
      description: 'What happened last; null at the beginning, and where it is not yours to hear.',
      resolve: ({ event }) => event,
    }),
    balances: t.field({
      type: [BalanceType],
      description: 'The balances as they are now, one row an asset or settlement currency.',
      resolve: ({ at }, _args, context) => readBalances(context, at),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  balanceUpdated: t.withAuth({ authenticated: true }).field({
    type: BalanceUpdate,
    description:
      'The balances of a merchant in one mode: at once, and after changes, at most four times a second; the last ' +
      'change is never left out. With `after`: only when something happened behind it.',
    args: {
      merchantId: t.arg.globalID({ for: [Merchant], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      after: t.arg({ type: 'EventCursor', description: 'What you show is as of this cursor.' }),
    },
    extensions: TELLS_STATE,
    subscribe: async (_root, { after, ...args }, context) => {
      const place = balancePlace(context.actor, args);
      const { merchantId, mode } = place;
      return await liveState(context, {
        at: place,
        filter: { merchantId, mode, types: BALANCE_EVENTS },
        after,
        gapMs: GAP_MS,
        mayFollow: (actor) => may(actor, 'balance:read', place),
        mayHear: (event, actor) => mayHear([context.actor, actor], event, placeOf(event, place)),
      });
    },
    resolve: (change) => change,
  }),
}));

const placeOf = ({ projectId }: Event, { merchantId, mode }: BalancePlace): Place => ({
  merchantId,
  mode,
  ...(projectId === null ? {} : { projectId }),
});
