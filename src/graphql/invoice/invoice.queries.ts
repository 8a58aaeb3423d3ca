import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import { z } from 'zod';
import { projectFor, type Mode } from '../../domain/access/actor.ts';
import { mayAt } from '../../domain/access/rights.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import type { InvoiceView } from '../../usecases/ports/invoice-reads.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { withoutCursorsIfEmpty } from '../core/empty-page.ts';
import { InvalidInputError } from '../core/errors.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../core/input-refusals.plugin.ts';
import { CurrencyCodeEnum, ModeEnum } from '../money/money.types.ts';
import { placeAt } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { InvoiceStatusEnum } from './invoice.enums.ts';
import { decodePlace, encodePlace, listKey } from './invoice-cursor.ts';
import { asksForChildren } from './invoice-selection.ts';
import { Invoice } from './invoice.types.ts';

const InvoiceFilter = builder.inputType('InvoiceFilter', {
  description: 'Which invoices to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: [InvoiceStatusEnum], description: 'Any of these statuses.' }),
    orderId: t.string({
      description: "Exactly this order id of the shop's.",
      validate: z.string().min(1).max(128).refine(isPlainText, 'This is no text that an invoice can have.'),
    }),
    currency: t.field({ type: CurrencyCodeEnum, description: 'Priced in this currency.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created before this moment.' }),
  }),
});

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
    description: 'Invoices of one project in one mode, newest first. An API key lists its own.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: InvoiceFilter, description: 'Which of them.' }),
    },
    resolve: async (_root, { projectId, mode, filter, ...page }, context, info) => {
      const place = await listedPlace(context, projectId?.id, mode);
      const list = { ...place, ...conditions(filter ?? {}) };
      const key = listKey(list);
      const children = asksForChildren(info);
      const connection = await resolveCursorConnection(
        {
          args: page,
          defaultSize: DEFAULT_PAGE,
          maxSize: MAX_PAGE,
          toCursor: (row: InvoiceView) => encodePlace(key, row),
        },
        ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
          context.reads.invoices.page({
            ...list,
            children,
            ...(after === undefined ? {} : { after: decodePlace(key, 'after', after) }),
            ...(before === undefined ? {} : { before: decodePlace(key, 'before', before) }),
            limit,
            fromEnd: inverted,
          }),
      );
      return withoutCursorsIfEmpty(connection);
    },
  }),
}));

/** Project and mode that the caller may list. */
async function listedPlace(
  context: GraphQLContext,
  named: string | undefined,
  mode: Mode | null | undefined,
): Promise<{ projectId: string; mode: Mode }> {
  const projectId = projectFor(context.actor, named);
  if (!projectId) throw invalid('A signed-in person names the project.');
  const place = await placeAt(context, 'invoice:read', projectId, mode);
  if (!place) throw invalid('There is no such project.');
  return { projectId, mode: place.mode };
}

const invalid = (message: string) =>
  new InvalidInputError({ code: 'INVALID_INPUT', message, path: ['projectId'] });

const conditions = ({
  status,
  orderId,
  currency,
  createdFrom,
  createdBefore,
}: typeof InvoiceFilter.$inferInput) => ({
  ...(status ? { status } : {}),
  ...(orderId ? { orderId } : {}),
  ...(currency ? { currency } : {}),
  ...(createdFrom ? { createdFrom } : {}),
  ...(createdBefore ? { createdBefore } : {}),
});
