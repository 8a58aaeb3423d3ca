import {
  getOperationAST,
  Kind,
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql';
import { sessionTokenKey, type Actor } from '../domain/access/actor.ts';
import type { RequestFacts } from '../graphql/core/context.ts';
import { TELLS_STATE } from '../graphql/core/live-kind.ts';

/** How a subscription can share an execution. */
export interface Sharing {
  /** Equal for equal ones: document, variables without the cursor, actor. */
  readonly key: string;
  /** Whether each result tells how something stands, so that the last one is enough to begin with. */
  readonly tellsState: boolean;
  /** The variable by which it resumes from a cursor; null where it begins now. */
  readonly resumesBy: string | null;
}

/** Null for one that must run alone. */
export function sharingOf(args: ExecutionArgs): Sharing | null {
  const { document, operationName, variableValues, contextValue, schema } = args;
  const actor = actorKey((contextValue as RequestFacts).actor);
  const operation = getOperationAST(document, operationName);
  const [field] = operation?.selectionSet.selections ?? [];
  if (actor === null || !operation || field?.kind !== Kind.FIELD) return null;
  const variables = variableValues ?? {};
  const cursor = cursorOf(field, operation, variables);
  if (cursor === 'fixed') return null;
  const live = schema.getSubscriptionType()?.getFields()[field.name.value]?.extensions['live'];
  // Where its results stand is known of these fields only.
  if (cursor !== null && live === undefined) return null;
  const rest = Object.entries(variables).filter(([name]) => name !== cursor);
  const key = [actor, documentKey(document), operationName ?? null, sorted(rest)];
  return { key: JSON.stringify(key), tellsState: live === TELLS_STATE.live, resumesBy: cursor };
}

/** The variable with the cursor that it resumes from; null without one; 'fixed' where it stands in the document. */
function cursorOf(
  field: FieldNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string | null {
  const after = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (after === undefined || after.kind === Kind.NULL) return null;
  if (after.kind !== Kind.VARIABLE || hasDefault(operation, after.name.value)) return 'fixed';
  return (variables[after.name.value] ?? null) === null ? null : after.name.value;
}

const hasDefault = ({ variableDefinitions }: OperationDefinitionNode, name: string): boolean =>
  (variableDefinitions ?? []).some(
    ({ variable, defaultValue }) => variable.name.value === name && defaultValue !== undefined,
  );

/**
 * A session's token or a key, not a person: each is checked and ended by itself. With the rights of this moment: an
 * execution goes on with those that it began with, and somebody who gained some is to have them.
 */
function actorKey(actor: Actor): readonly unknown[] | null {
  switch (actor.type) {
    case 'USER':
      return ['USER', sessionTokenKey(actor), actor.memberships];
    case 'OPERATOR':
      return ['OPERATOR', sessionTokenKey(actor), actor.role, actor.secondFactorAt];
    case 'API_KEY':
      // A key may be taken away from one address and not from another (FEATURES B5).
      return ['API_KEY', actor.apiKeyId, actor.client?.ip, actor.scopes];
    case 'LOCKED':
    case 'ANONYMOUS':
    case 'SYSTEM':
      return null;
  }
}

/** A cursor of null is none. */
const sorted = (variables: readonly [string, unknown][]): [string, unknown][] =>
  variables
    .filter(([, value]) => value !== null && value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

const documentKeys = new WeakMap<DocumentNode, number>();
let documentCount = 0;

/** Documents come parsed from a cache by their text, so equal texts are the same object. */
function documentKey(document: DocumentNode): number {
  const key = documentKeys.get(document) ?? ++documentCount;
  documentKeys.set(document, key);
  return key;
}
