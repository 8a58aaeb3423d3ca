import {
  getNamedType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { API_KEY_RIGHTS } from '../../../src/domain/access/rights.ts';
import { rowsOf, type Matrix } from './rows.ts';
import { isLetThrough, right, type Ground, type Who } from './who.ts';

/** What shows a type in an answer besides what shows its nodes in the matrix. */
const SEEN_TOO: Readonly<Record<string, readonly Who[]>> = {
  // A deposit.
  Payment: [right('static_wallet:read', 'TEST'), right('static_wallet:read', 'LIVE')],
  // Of an endpoint whoever may write sees what was written.
  WebhookEndpoint: [right('webhook:write', 'TEST'), right('webhook:write', 'LIVE')],
};

/**
 * Mutations that a key may call but whose answer it may not see: it would be refused after the deed. Tried as keys with
 * one right, and with all but one or two. Gives the mutation and the type that the answer shows.
 */
export function unanswered<World>(
  schema: GraphQLSchema,
  { fields, nodes }: Matrix<World>,
  world: World,
  ground: Ground,
): string[] {
  const whoOf = (who: Who | ((world: World) => Who)): Who => (typeof who === 'function' ? who(world) : who);
  const found = new Set<string>();
  for (const { name, type } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const shown = nodesIn(getNamedType(type));
    for (const row of rowsOf(fields[`Mutation.${name}`])) {
      for (const key of keysOf(ground)) {
        if (!isLetThrough(whoOf(row.who), key, ground)) continue;
        for (const node of shown) {
          const seenBy = [...(nodes[node] ?? []).map(({ who }) => whoOf(who)), ...(SEEN_TOO[node] ?? [])];
          const isSeen = seenBy.some((who) => isLetThrough(who, key, ground));
          if (!isSeen) found.add(`${name}: ${node}`);
        }
      }
    }
  }
  return [...found].toSorted();
}

/** The types with a global id that an answer begins with. */
function nodesIn(type: GraphQLNamedType, seen = new Set<GraphQLNamedType>()): string[] {
  if (seen.has(type)) return [];
  seen.add(type);
  if (isUnionType(type)) return type.getTypes().flatMap((member) => nodesIn(member, seen));
  if (!isObjectType(type)) return [];
  if (isNode(type)) return [type.name];
  return Object.values(type.getFields()).flatMap((field) => nodesIn(getNamedType(field.type), seen));
}

const isNode = (type: GraphQLObjectType): boolean => type.getInterfaces().some(({ name }) => name === 'Node');

function keysOf({ merchantId, projectId }: Ground): Actor[] {
  const all = API_KEY_RIGHTS.SECRET;
  const scopes = all.flatMap((one) => [
    [one],
    ...all.map((other) => all.filter((right) => right !== one && right !== other)),
  ]);
  return (['TEST', 'LIVE'] as const).flatMap((mode) =>
    scopes.map((given): Actor => ({
      type: 'API_KEY',
      apiKeyId: 'key',
      kind: 'SECRET',
      isIpBound: true,
      mode,
      merchantId,
      projectId,
      scopes: given,
    })),
  );
}
