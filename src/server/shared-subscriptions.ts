import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import { sessionTokenKey, type Actor } from '../domain/access/actor.ts';
import type { RequestFacts } from '../graphql/core/context.ts';

type Subscribed = AsyncIterable<ExecutionResult> | ExecutionResult;
type Subscribe = (args: ExecutionArgs) => Promise<Subscribed> | Subscribed;
/** Takes one result as JSON text, ready to be put into a frame. Never waits for the client. */
export type Deliver = (payload: string) => void;

export interface SharedSubscriptions {
  /**
   * Runs a subscription. Equal ones (document, variables, actor) are executed once: the results go to `deliver` as
   * shared text, and what is returned only ends or fails. One that cannot be shared is run as it is.
   */
  run(args: ExecutionArgs, subscribe: Subscribe, deliver: Deliver): Promise<Subscribed>;
}

/** One running execution, or the reason why there is none. */
type Source = AsyncIterator<ExecutionResult> | ExecutionResult;

interface Member {
  readonly deliver: Deliver;
  readonly refuseConnection: () => void;
  readonly ended: PromiseWithResolvers<IteratorReturnResult<undefined>>;
}

interface Group {
  readonly members: Set<Member>;
  readonly source: Promise<Source>;
}

/** Executes equal subscriptions once in this process (DESIGN §6). Actors never share with one another. */
export function createSharedSubscriptions(): SharedSubscriptions {
  const groups = new Map<string, Group>();

  const open = (key: string, args: ExecutionArgs, subscribe: Subscribe): Group => {
    const group: Group = { members: new Set(), source: iterated(subscribe(args)) };
    groups.set(key, group);
    void pump(group, () => groups.get(key) === group && groups.delete(key));
    return group;
  };

  return {
    async run(args, subscribe, deliver) {
      const key = keyOf(args);
      if (key === null) return subscribe(args);
      const group = groups.get(key) ?? open(key, args, subscribe);
      const { refuseConnection } = args.contextValue as RequestFacts;
      const member: Member = { deliver, refuseConnection, ended: Promise.withResolvers() };
      group.members.add(member);
      const source = await group.source;
      if (!isIterator(source)) return source;
      return membership(member, async () => {
        if (!group.members.delete(member) || group.members.size > 0) return;
        if (groups.get(key) === group) groups.delete(key);
        await source.return?.();
      });
    },
  };
}

/** Reads the one execution and hands its results to all members, until it ends. */
async function pump(group: Group, forget: () => void): Promise<void> {
  try {
    const source = await group.source;
    if (!isIterator(source)) return;
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const payload = JSON.stringify(next.value);
      for (const member of group.members) member.deliver(payload);
    }
    for (const member of group.members) member.ended.resolve(END);
  } catch (error) {
    for (const member of group.members) {
      // The members are one session or key: what one of them lost, all have lost.
      if (isForbidden(error)) member.refuseConnection();
      member.ended.reject(error);
    }
  } finally {
    forget();
    group.members.clear();
  }
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What the protocol gets instead of the results: something that is over when they are. */
function membership(member: Member, leave: () => Promise<void>): AsyncIterableIterator<ExecutionResult> {
  // Its failure is told through next(), which nobody may be waiting for at the moment.
  member.ended.promise.catch(() => undefined);
  return {
    next: () => member.ended.promise,
    async return() {
      await leave();
      member.ended.resolve(END);
      return END;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function iterated(subscribed: Promise<Subscribed> | Subscribed): Promise<Source> {
  const source = await subscribed;
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source;
}

const isIterator = (source: Source): source is AsyncIterator<ExecutionResult> => 'next' in source;

/** What makes two subscriptions equal; null for one that must run alone. */
function keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string | null {
  const actor = actorKey((contextValue as RequestFacts).actor);
  if (actor === null || !startsNow(document, variableValues ?? {})) return null;
  return JSON.stringify([actor, documentKey(document), operationName ?? null, sorted(variableValues ?? {})]);
}

/** A session's token or a key, not a person: each is checked and ended by itself. */
function actorKey(actor: Actor): string | null {
  if (actor.type === 'USER' || actor.type === 'OPERATOR') return `SESSION ${sessionTokenKey(actor)}`;
  // A key may be taken away from one address and not from another (FEATURES B5).
  return actor.type === 'API_KEY' ? `API_KEY ${actor.apiKeyId} ${actor.client?.ip ?? ''}` : null;
}

const sorted = (variables: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(variables).toSorted(([a], [b]) => (a < b ? -1 : 1));

const documentKeys = new WeakMap<DocumentNode, number>();
let documentCount = 0;

/** Documents come parsed from a cache by their text, so equal texts are the same object. */
function documentKey(document: DocumentNode): number {
  const key = documentKeys.get(document) ?? ++documentCount;
  documentKeys.set(document, key);
  return key;
}

/** Whether no field resumes from a cursor: such a stream has a past of its own. */
const startsNow = (document: DocumentNode, variables: Readonly<Record<string, unknown>>): boolean =>
  document.definitions.every(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      definition.selectionSet.selections.every(
        (field) =>
          field.kind === Kind.FIELD &&
          (field.arguments ?? []).every(
            ({ name, value }) =>
              name.value !== 'after' ||
              value.kind === Kind.NULL ||
              (value.kind === Kind.VARIABLE && isUnset(definition, value.name.value, variables)),
          ),
      ),
  );

/** Neither given nor with a default value. */
const isUnset = (
  { variableDefinitions }: OperationDefinitionNode,
  name: string,
  variables: Readonly<Record<string, unknown>>,
): boolean =>
  (variables[name] ?? null) === null &&
  (variableDefinitions ?? []).every(
    ({ variable, defaultValue }) => variable.name.value !== name || defaultValue === undefined,
  );

const isForbidden = (error: unknown): boolean =>
  error instanceof GraphQLError && error.extensions['code'] === 'FORBIDDEN';
