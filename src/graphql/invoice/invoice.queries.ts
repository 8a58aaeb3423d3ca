import { z } from 'zod';
import { may } from '../../domain/access/rights.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { InvalidInputError } from '../core/errors.ts';
import { CurrencyCodeEnum, ModeEnum } from '../money/money.types.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { Project } from '../project/project.types.ts';
import { InvoiceStatusEnum } from './invoice.enums.ts';
import { Invoice } from './invoice.types.ts';

/** PostgreSQL holds no NUL and no half of a surrogate pair. */
const STORABLE = /^[^\u0000\p{Cs}]*$/u;

const InvoiceFilter = builder.inputType('InvoiceFilter', {
  description: 'Which invoices to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: [InvoiceStatusEnum], description: 'Any of these statuses.' }),
    orderId: t.string({
      description: "Exactly this order id of the shop's.",
      validate: z.string().min(1).max(128).regex(STORABLE, 'This is no text that an invoice can have.'),
    }),
    currency: t.field({ type: CurrencyCodeEnum, description: 'Priced in this currency.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created before this moment.' }),
  }),
});

builder.queryFields((t) => ({
  invoice: t.withAuth({ authenticated: true }).prismaField({
    type: Invoice,
    nullable: true,
    description: 'An invoice by its id; null when it is not yours to see.',
    args: {
      id: t.arg.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
    },
    resolve: async (query, _root, { id }, { prisma, actor }) => {
      const invoice = await prisma.invoice.findUnique({ ...query, where: { id: id.id } });
      if (!invoice) return null;
      const { merchantId, projectId, mode } = invoice;
      return may(actor, 'invoice:read', { merchantId, projectId, mode }) ? invoice : null;
    },
  }),
  invoices: t.withAuth({ authenticated: true }).prismaConnection({
    type: Invoice,
    cursor: 'id',
    description: 'Invoices of one project in one mode, newest first. An API key lists its own.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: InvoiceFilter, description: 'Which of them.' }),
    },
    resolve: async (query, _root, { projectId, mode, filter, ...cursors }, context) => {
      checkCursors(cursors);
      const place = await listedPlace(context, projectId?.id, mode);
      return context.prisma.invoice.findMany({
        ...query,
        where: { ...place, ...filterConditions(filter ?? {}) },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));

/** Project and mode that the caller may list. */
async function listedPlace(
  { prisma, actor }: GraphQLContext,
  named: string | undefined,
  mode: 'TEST' | 'LIVE' | null | undefined,
): Promise<{ projectId: string; mode: 'TEST' | 'LIVE' }> {
  const projectId = named ?? (actor.type === 'API_KEY' ? actor.projectId : undefined);
  if (!projectId) throw invalid('A signed-in person names the project.');
  const place = { projectId, mode: mode ?? (actor.type === 'API_KEY' ? actor.mode : ('LIVE' as const)) };
  const owner =
    actor.type === 'API_KEY'
      ? actor
      : await prisma.project.findUnique({ where: { id: projectId }, select: { merchantId: true } });
  if (owner && may(actor, 'invoice:read', { merchantId: owner.merchantId, ...place })) return place;
  throw invalid('There is no such project.');
}

const invalid = (message: string) =>
  new InvalidInputError({ code: 'INVALID_INPUT', message, path: ['projectId'] });

function filterConditions({
  status,
  orderId,
  currency,
  createdFrom,
  createdBefore,
}: typeof InvoiceFilter.$inferInput): Prisma.InvoiceWhereInput {
  return {
    ...(status ? { status: { in: status } } : {}),
    ...(orderId ? { orderId } : {}),
    ...(currency ? { currency } : {}),
    createdAt: {
      ...(createdFrom ? { gte: createdFrom } : {}),
      ...(createdBefore ? { lt: createdBefore } : {}),
    },
  };
}
