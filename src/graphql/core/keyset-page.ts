import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import { withoutCursorsIfEmpty } from './empty-page.ts';
import { DEFAULT_PAGE, MAX_PAGE } from './input-refusals.plugin.ts';
import { decodePlace, encodePlace, listKey, type ListPlace } from './list-cursor.ts';

interface PageArgs {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** One part of a list. */
export interface PagePart {
  /** Only what comes behind this place in the list: what is older, where it begins with the newest. */
  readonly after: ListPlace | null;
  /** Only what comes before this place in the list. */
  readonly before: ListPlace | null;
  readonly limit: number;
  /** Begins at the end of the list and goes towards its start. */
  readonly fromEnd: boolean;
}

/**
 * One page of a list by time; its cursors are good for the same list only (RULES 17).
 *
 * @param list what tells the list from all others: its name and all conditions
 * @param placeOf where a row stands in the list
 */
export async function keysetPage<Row>(
  list: object,
  args: PageArgs,
  read: (part: PagePart) => Promise<Row[]>,
  placeOf: (row: Row) => ListPlace,
) {
  const key = listKey(list);
  const connection = await resolveCursorConnection(
    {
      args,
      defaultSize: DEFAULT_PAGE,
      maxSize: MAX_PAGE,
      toCursor: (row: Row) => encodePlace(key, placeOf(row)),
    },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
      read({
        after: after === undefined ? null : decodePlace(key, 'after', after),
        before: before === undefined ? null : decodePlace(key, 'before', before),
        limit,
        fromEnd: inverted,
      }),
  );
  return withoutCursorsIfEmpty(connection);
}

/**
 * The part of a list with the newest first as Prisma asks for it. The bound on the time alone is what an index that ends in (time, id) can begin at; the
 * rest tells rows of one moment apart.
 */
export const partOf = ({ after, before, limit, fromEnd }: PagePart) => {
  const direction = fromEnd ? ('asc' as const) : ('desc' as const);
  return {
    bounds: [
      ...(after
        ? [
            { createdAt: { lte: after.createdAt } },
            { OR: [{ createdAt: { lt: after.createdAt } }, { id: { lt: after.id } }] },
          ]
        : []),
      ...(before
        ? [
            { createdAt: { gte: before.createdAt } },
            { OR: [{ createdAt: { gt: before.createdAt } }, { id: { gt: before.id } }] },
          ]
        : []),
    ],
    orderBy: [{ createdAt: direction }, { id: direction }],
    take: limit,
  };
};
