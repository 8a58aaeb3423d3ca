import { mayAt } from '../../domain/access/rights.ts';
import type { InvoiceList } from '../../usecases/ports/invoice-reads.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { ModeEnum } from '../money/money.types.ts';
import { listedPlaces } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { conditionsOf, InvoiceFilter, InvoiceSortEnum, ORDERS, placeOf } from './invoice-filter.ts';
import { asksForChildren } from './invoice-selection.ts';
import { Invoice } from './invoice.types.ts';

builder.queryFields((t) => ({
  invoice: t.withAuth({ authenticated: true }).field({
    type: Invoice,
    nullable: true,
    description: 'An invoice by its id; null when it is not yours to see.',
    args: {
      id: t.arg.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
    },
    resolve: async (_root, { id }, { reads, actor }, info) => {
      const invoice = await reads.invoices.byId(id.id, asksForChildren(info));
      return invoice && mayAt(actor, 'invoice:read', invoice) ? invoice : null;
    },
  }),
  invoices: t.withAuth({ authenticated: true }).connection({
    type: Invoice,
    description:
      'Invoices of one project, of several, or of all projects of a merchant that are yours to see, in one mode. An API ' +
      'key lists its own project.',
    args: {
      projectId: t.arg.globalID({
        for: [Project],
        description: 'One project. A signed-in person names this, several, or the merchant.',
      }),
      projectIds: t.arg.globalIDList({ for: [Project], description: 'Several projects, 1 to 100.' }),
      merchantId: t.arg.globalID({ for: [Merchant], description: 'All projects of this merchant.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: InvoiceFilter, description: 'Which of them.' }),
      sort: t.arg({
        type: InvoiceSortEnum,
        required: true,
        defaultValue: 'CREATED_DESC',
        description: 'In which order.',
      }),
    },
    resolve: async (
      _root,
      { projectId, projectIds, merchantId, mode, filter, sort, ...page },
      context,
      info,
    ) => {
      const named = {
        projectId: projectId?.id,
        projectIds: projectIds?.map(({ id }) => id),
        merchantId: merchantId?.id,
      };
      const places = await listedPlaces(context, 'invoice:read', named, mode);
      const list: InvoiceList = { ...places, ...conditionsOf(filter ?? {}), order: ORDERS[sort] };
      const children = asksForChildren(info);
      return keysetPage(
        { invoices: true, ...list },
        page,
        ({ after, before, limit, fromEnd }) =>
          context.reads.invoices.page({
            ...list,
            children,
            ...(after ? { after } : {}),
            ...(before ? { before } : {}),
            limit,
            fromEnd,
          }),
        (invoice) => placeOf(invoice, list.order),
      );
    },
  }),
}));
