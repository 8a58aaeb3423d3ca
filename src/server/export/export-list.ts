import { isDeepStrictEqual } from 'node:util';
import type { GraphQLSchema } from 'graphql';
import type { Actor, Mode } from '../../domain/access/actor.ts';
import type { LIST_COLUMNS, ListName } from '../../domain/export/lists.ts';
import type { GraphQLContext } from '../../graphql/core/context.ts';
import { InvalidInputError } from '../../graphql/core/errors.ts';
import { readInput, type InputRef } from '../../graphql/core/read-input.ts';
import type { CellValue, Column } from './columns.ts';

/** What lists are read by. */
export type ExportReads = Pick<GraphQLContext, 'prisma' | 'reads' | 'clock'>;

/** What is named beside the filter, as the list in GraphQL takes it. Ids are row ids. */
export interface Named {
  readonly projectId?: string;
  readonly projectIds?: readonly string[];
  readonly merchantId?: string;
  readonly mode?: Mode;
  readonly sort?: string;
}

export type NamedParameter = keyof Named;

/** A list as it is written down, in one file: its columns and how a page of it is read. */
interface ListDefinition<Name extends ListName, Row, Filter, Query extends { readonly mode: Mode }> {
  readonly name: Name;
  /** What may be named. */
  readonly named: readonly NamedParameter[];
  /** The list's own filter in GraphQL: what it refuses is refused here. */
  readonly filter: InputRef<Filter>;
  readonly columns: Readonly<Record<(typeof LIST_COLUMNS)[Name][number], Column<Row>>>;
  /**
   * What is listed, by the rights and rules of the list in GraphQL. Throws as its resolver does: InvalidInputError, or
   * FORBIDDEN.
   */
  query(
    context: Pick<GraphQLContext, 'prisma' | 'clock' | 'actor'>,
    named: Named,
    filter: Filter,
  ): Query | Promise<Query>;
  /** The next rows behind one of the list's own, in its order. */
  page(reads: ExportReads, query: Query, after: Row | null, limit: number): Promise<readonly Row[]>;
}

/** A row's values, in the order of the columns that were chosen. */
export type ExportRow = readonly {
  readonly column: string;
  readonly isNumber: boolean;
  readonly value: CellValue;
}[];

export interface OpenExport {
  readonly mode: Mode;
  /** The next rows, at most so many; none at the end. */
  next(limit: number): Promise<readonly ExportRow[]>;
  /** Whether the caller with these rights would get the same list. */
  isOpenTo(actor: Actor): Promise<boolean>;
}

export interface ExportList {
  readonly name: ListName;
  readonly named: readonly NamedParameter[];
  /** Throws what the list in GraphQL throws for those who may not see it, or ask for what it does not have. */
  open(from: {
    readonly schema: GraphQLSchema;
    readonly reads: ExportReads;
    readonly actor: Actor;
    readonly named: Named;
    readonly filter: unknown;
    /** Names of columns of this list. */
    readonly columns: readonly string[];
  }): Promise<OpenExport>;
}

/** A list for the registry. */
export function exportList<Name extends ListName, Row, Filter, Query extends { readonly mode: Mode }>(
  definition: ListDefinition<Name, Row, Filter, Query>,
): ExportList {
  const all = new Map<string, Column<Row>>(Object.entries(definition.columns));
  return {
    name: definition.name,
    named: definition.named,
    async open({ schema, reads, actor, named, filter: json, columns: names }) {
      const filter = readInput(schema, definition.filter, json, 'filter');
      const queryOf = async (who: Actor): Promise<Query> =>
        await definition.query({ prisma: reads.prisma, clock: reads.clock, actor: who }, named, filter);
      const query = await queryOf(actor);
      const columns = names.flatMap((name) => {
        const column = all.get(name);
        return column ? [{ name, column }] : [];
      });
      let after: Row | null = null;
      return {
        mode: query.mode,
        async next(limit) {
          const rows: readonly Row[] = await definition.page(reads, query, after, limit);
          after = rows.at(-1) ?? after;
          return rows.map((row) =>
            columns.map(({ name, column }) => ({
              column: name,
              isNumber: column.isNumber,
              value: column.read(row),
            })),
          );
        },
        isOpenTo: (who) => queryOf(who).then((now) => isDeepStrictEqual(now, query), refusedAs(false)),
      };
    },
  };
}

/** What a list that refuses somebody stands for; a fault stays one. */
const refusedAs =
  <T>(value: T) =>
  (error: unknown): T => {
    if (refusalOf(error)) return value;
    throw error;
  };

/** Why a list turned a caller away; null for a fault. */
export function refusalOf(
  error: unknown,
): { readonly isForbidden: boolean; readonly message: string } | null {
  if (error instanceof InvalidInputError) {
    const path = error.inputPath?.join('.') ?? '';
    return { isForbidden: false, message: path === '' ? error.message : `${path}: ${error.message}` };
  }
  return isForbidden(error) ? { isForbidden: true, message: error.message } : null;
}

const isForbidden = (error: unknown): error is Error =>
  error instanceof Error &&
  'extensions' in error &&
  typeof error.extensions === 'object' &&
  error.extensions !== null &&
  'code' in error.extensions &&
  error.extensions.code === 'FORBIDDEN';
