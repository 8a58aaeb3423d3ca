import type {
  InvoiceStatisticsQuery,
  InvoiceStatisticsRow,
  StatisticsGroup,
} from '../../usecases/ports/statistics-reads.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { InvalidInputError } from '../core/errors.ts';
import { InvoiceStatusEnum } from '../invoice/invoice.enums.ts';
import { CurrencyCodeEnum, MoneyType } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';

const MAX_DAYS = 1830;
const MAX_ROWS = 5000;
const DAY_MILLISECONDS = 86_400_000;

const IntervalEnum = builder.enumType('StatisticsInterval', {
  description: 'How long the time of one row is.',
  values: {
    DAY: { description: 'A day.' },
    WEEK: { description: 'A week from Monday on.' },
    MONTH: { description: 'A month of the calendar.' },
  } as const,
});

const GroupEnum = builder.enumType('StatisticsGroup', {
  description: 'What has rows of its own.',
  values: {
    STATUS: { description: 'Each status that the invoices have now.' },
    CURRENCY: { description: 'Each currency; only then there are sums of money.' },
    PROJECT: { description: 'Each project.' },
  } as const satisfies Record<StatisticsGroup, { description: string }>,
});

export const InvoiceFigures = builder.objectRef<InvoiceStatisticsRow>('InvoiceFigures').implement({
  description: 'Invoices that were created in one interval.',
  fields: (t) => ({
    from: t.expose('from', { type: 'Date', description: 'First day of the interval.' }),
    status: t.expose('status', {
      type: InvoiceStatusEnum,
      nullable: true,
      description: 'Their status; null unless grouped by it.',
    }),
    currency: t.field({
      type: CurrencyCodeEnum,
      nullable: true,
      description: 'Their currency; null unless grouped by it.',
      resolve: ({ currency }) => currency as typeof CurrencyCodeEnum.$inferType | null,
    }),
    project: t.prismaField({
      type: Project,
      nullable: true,
      description: 'Their project; null unless grouped by it.',
      resolve: (query, { projectId }, _args, { prisma }) =>
        projectId === null ? null : prisma.project.findUnique({ ...query, where: { id: projectId } }),
    }),
    count: t.exposeInt('count', { description: 'How many.' }),
    amount: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The sum of their prices; null unless grouped by currency.',
      resolve: ({ amount, currency }) => (currency === null ? null : { minorUnits: amount, currency }),
    }),
    amountPaid: t.field({
      type: MoneyType,
      nullable: true,
      description: 'The sum of what was confirmed for them; null unless grouped by currency.',
      resolve: ({ amountPaid, currency }) =>
        currency === null ? null : { minorUnits: amountPaid, currency },
    }),
  }),
});

/** What is asked of the figures, wherever they are shown. */
export const FIGURES_ARGS = builder.args((t) => ({
  from: t.field({ type: 'Date', required: true, description: 'The first day.' }),
  to: t.field({
    type: 'Date',
    required: true,
    description: 'The last day, at most 1,830 days with the first one.',
  }),
  interval: t.field({ type: IntervalEnum, required: true, description: 'The time of one row.' }),
  groupBy: t.field({ type: [GroupEnum], description: 'What has rows of its own; nothing when left out.' }),
}));

export const FIGURES_COST = { field: 100, multiplier: 30 } as const;

type Places = Pick<InvoiceStatisticsQuery, 'projectIds' | 'mode'>;
type Asked = Pick<InvoiceStatisticsQuery, 'from' | 'to' | 'interval'> & {
  readonly groupBy?: readonly StatisticsGroup[] | null | undefined;
};

/** The figures of projects whose invoices the caller may see. Throws InvalidInputError for too much at once. */
export async function readFigures(
  { reads }: Pick<GraphQLContext, 'reads'>,
  places: Places,
  { from, to, interval, groupBy }: Asked,
): Promise<InvoiceStatisticsRow[]> {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS + 1;
  if (days < 1 || days > MAX_DAYS)
    throw invalid(`From the first to the last day are 1 to ${MAX_DAYS}.`, 'to');
  const query = { ...places, from, to, interval, groupBy: groupBy ?? [], limit: MAX_ROWS + 1 };
  const rows = await reads.statistics.invoices(query);
  if (rows.length > MAX_ROWS)
    throw invalid('These are too many rows; ask for less time or fewer groups.', 'groupBy');
  return rows;
}

const invalid = (message: string, argument: string) =>
  new InvalidInputError({ code: 'INVALID_INPUT', message, path: [argument] });
