import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import type { GraphQLContext } from '../core/context.ts';
import { withoutCursorsIfEmpty } from '../core/empty-page.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../core/input-refusals.plugin.ts';
import { listKey } from '../core/list-cursor.ts';
import { decodeNumber, encodeNumber } from './audit-cursor.ts';

/** Which entries a list has: all conditions hold, and any of the types. */
export interface AuditFilter {
  readonly userId?: string;
  readonly merchantId?: string;
  readonly types?: readonly string[];
}

interface PageArgs {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** One page of the audit log, newest first, as the rows are read. */
export async function auditPage<Row extends { number: bigint }>(
  list: object,
  args: PageArgs,
  read: (part: PagePart) => Promise<Row[]>,
) {
  const key = listKey(list);
  const connection = await resolveCursorConnection(
    {
      args,
      defaultSize: DEFAULT_PAGE,
      maxSize: MAX_PAGE,
      toCursor: (row: Row) => encodeNumber(key, row.number),
    },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
      read({
        below: after === undefined ? null : decodeNumber(key, 'after', after),
        above: before === undefined ? null : decodeNumber(key, 'before', before),
        limit,
        oldestFirst: inverted,
      }),
  );
  return withoutCursorsIfEmpty(connection);
}

export interface PagePart {
  /** Only entries with a smaller number. */
  readonly below: bigint | null;
  /** Only entries with a greater number. */
  readonly above: bigint | null;
  readonly limit: number;
  readonly oldestFirst: boolean;
}

/** The entries of one part, by the index that ends in the number: one statement a type, or one for all. */
export async function readAudit(prisma: GraphQLContext['prisma'], filter: AuditFilter, part: PagePart) {
  const { userId, merchantId, types } = filter;
  const { below, above, limit, oldestFirst } = part;
  const ofType = (type?: string) =>
    prisma.auditEntry.findMany({
      where: {
        ...(userId === undefined ? {} : { userId }),
        ...(merchantId === undefined ? {} : { merchantId }),
        ...(type === undefined ? {} : { type }),
        number: { ...(below === null ? {} : { lt: below }), ...(above === null ? {} : { gt: above }) },
      },
      orderBy: { number: oldestFirst ? 'asc' : 'desc' },
      take: limit,
    });
  if (types === undefined) return await ofType();
  const found = (await Promise.all(types.map(ofType))).flat();
  const sign = oldestFirst ? 1 : -1;
  return found.toSorted((a, b) => (a.number < b.number ? -sign : sign)).slice(0, limit);
}

export type AuditRow = Awaited<ReturnType<typeof readAudit>>[number];
