import SchemaBuilder, { BasePlugin } from '@pothos/core';
import type { PothosOutputFieldConfig, SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Actor } from '../../domain/access/actor.ts';
import { InvalidInputError } from './errors.ts';
import { listKey } from './list-cursor.ts';

const PLUGIN = 'boundCursors';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the way Pothos is told of a plugin
  export namespace PothosSchemaTypes {
    // oxlint-disable-next-line no-unused-vars -- must repeat Pothos' own parameter
    export interface Plugins<Types extends SchemaTypes> {
      boundCursors: BoundCursorsPlugin<Types>;
    }
  }
}

/** Where mapped arguments keep the keys of the lists whose cursors came; null for one that is bound to none. */
const LISTS = Symbol('lists of the cursors');
type Lists = Partial<Record<'after' | 'before', string | null>>;

/** What stands before the id of the row in Pothos' own cursors. */
const PLAIN = 'GPC:S:';
const PLAIN_BASE64 = Buffer.from(PLAIN).toString('base64');

/** The key of the list and the id of the row. */
const CURSOR = /^1\.([\w-]{8})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const PAGE_ARGUMENTS = new Set(['first', 'last', 'after', 'before']);

/**
 * Binds the cursors of Prisma's connections to their list: the field, the thing it belongs to, its arguments and the
 * caller. A place in one list says nothing about another (RULES 17). Inside, the cursor is Pothos' own form, a row's id.
 */
export class BoundCursorsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    return isConnectionField(field) ? { ...field, argMappers: [unbind, ...field.argMappers] } : field;
  }

  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (!isConnectionField(field)) return resolve;
    return (parent, args, context, info) => {
      // Hashed for those who need it: most lists have cursors of their own.
      const list = () =>
        listKey({
          field: `${field.parentType}.${field.name}`,
          of: idOf(parent),
          caller: callerOf((context as { actor: Actor }).actor),
          filter: Object.entries(args).filter(([name]) => !PAGE_ARGUMENTS.has(name)),
        });
      const lists = LISTS in args ? (args[LISTS] as Lists) : {};
      for (const name of ['after', 'before'] as const) {
        if (name in lists && lists[name] !== list()) throw notOurs(name);
      }
      const connection: unknown = resolve(parent, args, context, info);
      return connection instanceof Promise
        ? connection.then((resolved: unknown) => bind(list, resolved))
        : bind(list, connection);
    };
  }
}

const isConnectionField = <Types extends SchemaTypes>({ args }: PothosOutputFieldConfig<Types>): boolean =>
  'first' in args && 'after' in args;

/**
 * Before the rights are checked: a cursor of another list is refused later, by the resolver. What has neither form is
 * left to the field: it may have cursors of its own.
 */
function unbind(args: Record<string, unknown>): Record<string, unknown> {
  const mapped: Record<string, unknown> = { ...args };
  const lists: Partial<Record<'after' | 'before', string | null>> = {};
  for (const name of ['after', 'before'] as const) {
    const cursor = args[name];
    if (typeof cursor !== 'string') continue;
    const text = Buffer.from(cursor, 'base64url').toString('latin1');
    const match = CURSOR.exec(text);
    if (match) {
      lists[name] = match[1] ?? null;
      mapped[name] = Buffer.from(PLAIN + (match[2] ?? '')).toString('base64');
    } else if (text.startsWith('GPC:')) {
      lists[name] = null;
      mapped[name] = null;
    }
  }
  return { ...mapped, [LISTS]: lists };
}

const idOf = (parent: unknown): unknown =>
  typeof parent === 'object' && parent !== null && 'id' in parent ? parent.id : null;

const callerOf = (actor: Actor): string | null =>
  actor.type === 'API_KEY' ? actor.apiKeyId : 'userId' in actor ? actor.userId : null;

function notOurs(argument: string): InvalidInputError {
  const message = 'This is no cursor that this list gave out.';
  return new InvalidInputError({ code: 'INVALID_INPUT', message, path: [argument] });
}

interface Connection {
  readonly edges: readonly ({ readonly cursor: string } | null)[];
  readonly pageInfo: { readonly startCursor: string | null; readonly endCursor: string | null };
}

const isConnection = (value: unknown): value is Connection =>
  typeof value === 'object' && value !== null && 'edges' in value && 'pageInfo' in value;

function bind(keyOfList: () => string, connection: unknown): unknown {
  if (!isConnection(connection)) return connection;
  const { edges, pageInfo } = connection;
  if (!edges[0]?.cursor.startsWith(PLAIN_BASE64)) return connection;
  const list = keyOfList();
  const bound = (cursor: string): string => {
    const row = Buffer.from(cursor, 'base64').toString('latin1').slice(PLAIN.length);
    return Buffer.from(`1.${list}.${row}`).toString('base64url');
  };
  return {
    ...connection,
    edges: edges.map((edge) => edge && { ...edge, cursor: bound(edge.cursor) }),
    pageInfo: {
      ...pageInfo,
      startCursor: pageInfo.startCursor === null ? null : bound(pageInfo.startCursor),
      endCursor: pageInfo.endCursor === null ? null : bound(pageInfo.endCursor),
    },
  };
}

SchemaBuilder.registerPlugin(PLUGIN, BoundCursorsPlugin);
export default PLUGIN;
