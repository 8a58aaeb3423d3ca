import type { InvoiceList, InvoicePageQuery } from '../../../usecases/ports/invoice-reads.ts';
import {
  conditionsOf,
  filtersOf,
  lettersOf,
  parameters,
  type Filter,
  type Parameters,
} from './list-conditions.ts';

/**
 * How a list is walked: along one index in the order of the list, in a branch for each combination of the values of its
 * first columns. So a rare status among several is found as fast as a frequent one.
 */
export interface ListPlan {
  readonly column: 'created_at' | 'paid_at';
  /** As it is walked, which is from the end of the list or from its start. */
  readonly descending: boolean;
  readonly axes: readonly Axis[];
  /** Conditions that the index narrows the walk by, besides the axes. */
  readonly served: readonly Filter[];
  /** Conditions that each row must be asked for. */
  readonly residual: readonly Filter[];
}

/** A column at the beginning of the index with the values that are wanted. */
interface Axis {
  readonly column: 'project_id' | 'status' | 'exception';
  readonly type: string;
  readonly values: readonly string[];
}

const STATUSES = ['CREATED', 'PARTIAL', 'CONFIRMING', 'PAID', 'OVERPAID', 'CANCELED'] as const;
const TIME = ['createdFrom', 'createdBefore'] as const;
const FEW = ['paymentLinkId', 'orderId', 'customerRef', 'subMerchantId'] as const;

type Prefix = Pick<ListPlan, 'axes' | 'served'> & { readonly covered: readonly Filter[] };

export function planOf(query: InvoicePageQuery): ListPlan {
  const { by, newestFirst } = query.order ?? { by: 'createdAt', newestFirst: true };
  const { axes, served, covered } = by === 'paidAt' ? paidPrefix(query) : createdPrefix(query);
  const given = filtersOf(query);
  return {
    column: by === 'paidAt' ? 'paid_at' : 'created_at',
    descending: newestFirst !== query.fromEnd,
    axes,
    served: given.filter((filter) => served.includes(filter)),
    residual: given.filter((filter) => !served.includes(filter) && !covered.includes(filter)),
  };
}

const paidPrefix = (list: InvoiceList): Prefix => ({
  axes: [projects(list)],
  served: ['paidFrom', 'paidBefore'],
  covered: [],
});

/** The index by creation whose first columns leave the fewest rows. */
export function createdPrefix(list: InvoiceList): Prefix {
  const { status, exception, currency } = list;
  const project = projects(list);
  const statuses: Axis = { column: 'status', type: '"InvoiceStatus"', values: status ?? STATUSES };
  const few = FEW.find((filter) => list[filter] !== undefined);
  if (few) return { axes: [project], served: [few, ...TIME], covered: [] };
  // Most invoices have no exception: those that have one stand in an index of their own.
  if (exception && !exception.includes('NONE')) {
    const exceptions: Axis = { column: 'exception', type: '"InvoiceException"', values: exception };
    return { axes: [project, exceptions, statuses], served: TIME, covered: ['exception', 'status'] };
  }
  if (currency) return { axes: [project, statuses], served: ['currency', ...TIME], covered: ['status'] };
  if (status) return { axes: [project, statuses], served: TIME, covered: ['status'] };
  return { axes: [project], served: TIME, covered: [] };
}

export const projects = ({ projectIds }: InvoiceList): Axis => ({
  column: 'project_id',
  type: 'uuid',
  values: projectIds,
});

export const orderBy = (
  { column, descending }: Pick<ListPlan, 'column' | 'descending'>,
  row = 'i',
): string => {
  const direction = descending ? 'DESC' : 'ASC';
  return `${row}.${column} ${direction}, ${row}.id ${direction}`;
};

/** `FROM` and what stands before it: `inner` once for each combination of the values of the axes that have several. */
export function branched(plan: ListPlan, { bind }: Parameters, inner: string): string {
  const several = plan.axes.filter(hasSeveral);
  if (several.length === 0) return `(${inner}) i`;
  const lists = several.map(
    ({ column, type, values }) => `unnest(${bind(values, `${type}[]`)}) AS ${column}s (v)`,
  );
  return `${lists.join(' CROSS JOIN ')} CROSS JOIN LATERAL (${inner}) i`;
}

const hasSeveral = ({ values }: Axis): boolean => values.length !== 1;

/** The conditions of the walk itself: the beginning of the index, its range, and the place to begin at. */
export function walkConditions(query: InvoicePageQuery, plan: ListPlan, { bind }: Parameters): string {
  const { column } = plan;
  return [
    ...plan.axes.map((axis) =>
      hasSeveral(axis)
        ? `i.${axis.column} = ${axis.column}s.v`
        : `i.${axis.column} = ${bind(axis.values[0], axis.type)}`,
    ),
    `i.mode = ${bind(query.mode, '"Mode"')}`,
    // What partial indexes ask for, in words that the planner can compare.
    ...(plan.axes.some((axis) => axis.column === 'exception') ? [`i.exception <> 'NONE'`] : []),
    ...(column === 'paid_at' ? ['i.paid_at IS NOT NULL'] : []),
    ...conditionsOf(query, plan.served, bind),
    ...impliedBounds(query, column, bind),
    ...betweenPlaces(query, column, bind),
  ].join(' AND ');
}

/** Nothing is paid before it is created: where the list goes by the one moment, the other one bounds it too. */
function impliedBounds(
  { paidBefore, createdFrom }: InvoicePageQuery,
  column: ListPlan['column'],
  bind: Parameters['bind'],
): string[] {
  const [bound, sign] = column === 'created_at' ? [paidBefore, '<'] : [createdFrom, '>='];
  return bound ? [`i.${column} ${sign} ${bind(bound, 'timestamptz')}`] : [];
}

/** Behind `after` and before `before`, in the order of the list. */
export function betweenPlaces(
  { after, before, order }: InvoicePageQuery,
  column: ListPlan['column'],
  bind: Parameters['bind'],
): string[] {
  const behind = (order?.newestFirst ?? true) ? '<' : '>';
  const ahead = behind === '<' ? '>' : '<';
  const compared = (sign: string, place: typeof after) =>
    place
      ? [`(i.${column}, i.id) ${sign} (${bind(place.createdAt, 'timestamptz')}, ${bind(place.id, 'uuid')})`]
      : [];
  return [...compared(behind, after), ...compared(ahead, before)];
}

/**
 * A page that the index answers alone. A statement of its own for each set of conditions, so that each is planned for
 * the index that serves it. PostgreSQL cuts names at 63 characters: one letter each.
 */
export function servedPage(
  query: InvoicePageQuery,
  plan: ListPlan,
): { name: string; text: string; values: unknown[] } {
  const p = parameters();
  const limit = p.bind(query.limit, 'int');
  const walked = `SELECT i.* FROM invoice i WHERE ${walkConditions(query, plan, p)}
    ORDER BY ${orderBy(plan)} LIMIT ${limit}`;
  const several = plan.axes.filter(hasSeveral);
  const text =
    several.length === 0
      ? walked
      : `SELECT i.* FROM ${branched(plan, p, walked)} ORDER BY ${orderBy(plan)} LIMIT ${limit}`;
  const axes = plan.axes.map((axis) => (hasSeveral(axis) ? axis.column[0]?.toUpperCase() : axis.column[0]));
  const places = `${query.after ? 'a' : ''}${query.before ? 'b' : ''}`;
  const order = `${plan.column[0]}${plan.descending ? 'd' : 'a'}${query.order?.newestFirst === false ? 'o' : ''}`;
  const name = `invoice_page_${axes.join('')}_${lettersOf(plan.served)}_${places}_${order}`;
  return { name, text, values: p.values };
}
