import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { ModeEnum } from '../money/money.types.ts';
import { listedPlaces } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { FIGURES_ARGS, FIGURES_COST, InvoiceFigures, readFigures } from './invoice-figures.ts';

builder.queryField('invoiceStatistics', (t) =>
  t.withAuth({ authenticated: true }).field({
    type: [InvoiceFigures],
    description:
      'How many invoices were created when, what they come to and what was paid, exact at the moment of asking. Of the ' +
      'projects as `invoices` takes them. Intervals without invoices have no row. Days are those of UTC.',
    args: {
      projectIds: t.arg.globalIDList({ for: [Project], description: 'These projects, 1 to 100.' }),
      merchantId: t.arg.globalID({
        for: [Merchant],
        description: 'All projects of this merchant that are yours to see.',
      }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      ...FIGURES_ARGS,
    },
    complexity: FIGURES_COST,
    resolve: async (_root, { projectIds, merchantId, mode, ...asked }, context) => {
      const named = { projectIds: projectIds?.map(({ id }) => id), merchantId: merchantId?.id };
      const places = await listedPlaces(context, 'invoice:read', named, mode);
      return await readFigures(context, places, asked);
    },
  }),
);
