import { projectFor } from '../../domain/access/actor.ts';
import { mayAt, type RowPlace } from '../../domain/access/rights.ts';
import { INVOICE_EVENTS } from '../../domain/event/money-events.ts';
import { builder } from '../core/builder.ts';
import { forbidden } from '../core/errors.ts';
import { TELLS_STATE } from '../core/live-kind.ts';
import { EventObject } from '../event/event.types.ts';
import { mayHear } from '../event/live-events.ts';
import { liveState, type StateChange } from '../event/live-state.ts';
import { ModeEnum } from '../money/money.types.ts';
import { placeAt } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { FIGURES_ARGS, FIGURES_COST, InvoiceFigures, readFigures } from './invoice-figures.ts';

/** Figures are for looking at. */
const GAP_MS = 1_000;

const StatisticsUpdate = builder.objectRef<StateChange<RowPlace>>('StatisticsUpdate').implement({
  description: 'How the figures of a project stand.',
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'EventCursor',
      description: 'The figures hold what happened up to here. Give it as `after` to go on from it.',
    }),
    event: t.field({
      type: EventObject,
      nullable: true,
      description: 'What happened last; null at the beginning.',
      resolve: ({ event }) => event,
    }),
    invoices: t.field({
      type: [InvoiceFigures],
      description: 'As `invoiceStatistics` of this project in this mode gives them now.',
      args: FIGURES_ARGS,
      complexity: FIGURES_COST,
      resolve: ({ at: { projectId, mode } }, asked, context) =>
        readFigures(context, { projectIds: [projectId], mode }, asked),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  statisticsUpdated: t.withAuth({ authenticated: true }).field({
    type: StatisticsUpdate,
    description:
      'The figures of one project in one mode: at once, and after changes, at most once a second; the last change is ' +
      'never left out. With `after`: only when something happened behind it.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      after: t.arg({ type: 'EventCursor', description: 'What you show is as of this cursor.' }),
    },
    extensions: TELLS_STATE,
    subscribe: async (_root, { projectId, mode, after }, context) => {
      const id = projectFor(context.actor, projectId?.id);
      const place = id ? await placeAt(context, 'invoice:read', id, mode) : null;
      if (!place) throw forbidden('There is no such project, or its invoices are not yours to see.');
      return await liveState(context, {
        at: place,
        filter: { ...place, types: INVOICE_EVENTS },
        after,
        gapMs: GAP_MS,
        mayFollow: (actor) => mayAt(actor, 'invoice:read', place),
        mayHear: (event, actor) => mayHear([context.actor, actor], event, place),
      });
    },
    resolve: (change) => change,
  }),
}));
