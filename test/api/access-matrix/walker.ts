import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Actor } from '../../../src/domain/access/actor.ts';
import {
  guardedFields,
  nodeDocument,
  nodeTypes,
  rootDocument,
  rootFields,
  type Field,
  type Operation,
} from './documents.ts';
import { rowsOf, type FieldRow, type Matrix, type NodeRow } from './rows.ts';
import { thingsIn, verdictOf, type Answer } from './verdict.ts';
import { isLetThrough, type Ground, type Who } from './who.ts';

/** Somebody who tries everything. */
export interface Caller {
  readonly name: string;
  /** What the gateway should take the caller for. */
  readonly actor: Actor;
}

export interface Request {
  readonly operation: Operation;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly endsSession: boolean;
}

/** What the rights say of a request. */
export type Expected = 'LET_THROUGH' | 'TURNED_AWAY';

export interface Walk<World, C extends Caller> {
  readonly schema: GraphQLSchema;
  readonly matrix: Matrix<World>;
  readonly world: World;
  readonly ground: Ground;
  readonly callers: readonly C[];
  /** Sends a request. What is expected may tell how long to wait for a stream, nothing else. */
  send(caller: C, request: Request, expected: Expected): Promise<Answer>;
}

/** Fields and types of the schema without a row, and rows for what the schema does not have. */
export function uncovered<World>(schema: GraphQLSchema, { fields, nodes }: Matrix<World>): string[] {
  const wanted = new Set([...rootFields(schema), ...guardedFields(schema)].map(({ key }) => key));
  const types = new Set(nodeTypes(schema).map(({ name }) => name));
  return [
    ...[...wanted].filter((key) => rowsOf(fields[key]).length === 0).map((key) => `field ${key} has no row`),
    ...[...types].filter((name) => !nodes[name]?.length).map((name) => `type ${name} has no row`),
    ...Object.keys(fields)
      .filter((key) => !wanted.has(key))
      .map((key) => `there is no field ${key}`),
    ...Object.keys(nodes)
      .filter((name) => !types.has(name))
      .map((name) => `there is no type ${name}`),
  ];
}

/** Tries everything as everybody. Gives a line for each answer that the rights do not say; none when all is well. */
export async function violations<World, C extends Caller>(walk: Walk<World, C>): Promise<string[]> {
  const tries = [...fieldTries(walk), ...nodeTries(walk), ...nestedTries(walk)];
  const found: string[] = [];
  for (const one of tries) {
    for (const batch of batches(callersOf(one, walk.callers))) {
      const problems = await Promise.all(batch.map((caller) => tryOut(walk, caller, one)));
      found.push(...problems.filter((problem) => problem !== null));
    }
  }
  return found;
}

/** Who tries it: everybody, or of what is open to everybody one of each kind. */
const callersOf = <C extends Caller>({ who }: Try, callers: readonly C[]): readonly C[] =>
  who.every((one) => one === 'PUBLIC')
    ? [...new Map(callers.map((caller) => [caller.actor.type, caller])).values()]
    : callers;

/** As many at once as keep the gateway busy. */
const AT_ONCE = 8;

const batches = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) =>
    all.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );

async function tryOut<World, C extends Caller>(
  walk: Walk<World, C>,
  caller: C,
  one: Try,
): Promise<string | null> {
  const isExpected = one.who.every((who) => isLetThrough(who, caller.actor, walk.ground));
  const expected = isExpected ? 'LET_THROUGH' : 'TURNED_AWAY';
  const problem = judge(walk, caller, one, expected, await walk.send(caller, await one.request(), expected));
  return problem && `${caller.name}: ${one.name} ${problem}`;
}

interface Try {
  readonly name: string;
  request(): Promise<Request>;
  /** All of them must hold. */
  readonly who: readonly Who[];
  /** Where the answer stands. */
  readonly path: readonly string[];
  readonly refusedAs?: string;
  /** Whether null or NOT_FOUND is how a stranger is turned away, or just what there is. */
  readonly emptyIs: 'TURNED_AWAY' | 'LET_THROUGH' | 'EITHER';
}

const whoOf = <World>({ who }: FieldRow<World> | NodeRow<World>, world: World): Who =>
  typeof who === 'function' ? who(world) : who;

/** Whether a row is about a thing of the merchant, which looks to strangers like what does not exist. */
function isAboutThing(who: Who): boolean {
  if (typeof who === 'string') return false;
  if ('anyOf' in who) return who.anyOf.some(isAboutThing);
  return 'allOf' in who ? who.allOf.some(isAboutThing) : 'right' in who;
}

function* fieldTries<World>({ schema, matrix, world }: Walk<World, Caller>): Generator<Try> {
  for (const { key, operation, field } of rootFields(schema)) {
    for (const row of rowsOf(matrix.fields[key])) {
      const who = whoOf(row, world);
      yield {
        name: key,
        async request() {
          const variables = (await row.args?.(world)) ?? {};
          const document = rootDocument(operation, field, Object.keys(variables));
          return { operation, document, variables, endsSession: row.endsSession ?? false };
        },
        who: [who],
        // Of a stream it counts that it is open.
        path: operation === 'subscription' ? [] : [field.name],
        emptyIs: isAboutThing(who) ? 'TURNED_AWAY' : 'LET_THROUGH',
        ...(row.refusedAs === undefined ? {} : { refusedAs: row.refusedAs }),
      };
    }
  }
}

function* nodeTries<World>({ schema, matrix, world }: Walk<World, Caller>): Generator<Try> {
  for (const type of nodeTypes(schema)) {
    for (const row of matrix.nodes[type.name] ?? []) {
      const request = nodeRequest(type, row.id(world));
      yield {
        name: `node ${type.name}`,
        request,
        who: [whoOf(row, world)],
        path: ['node'],
        emptyIs: 'TURNED_AWAY',
      };
    }
  }
}

function* nestedTries<World>({ schema, matrix, world }: Walk<World, Caller>): Generator<Try> {
  for (const { key, type, field } of guardedFields(schema)) {
    for (const row of rowsOf(matrix.fields[key])) {
      for (const parent of matrix.nodes[type.name] ?? []) {
        yield {
          name: key,
          request: nodeRequest(type, parent.id(world), field),
          who: [whoOf(parent, world), whoOf(row, world)],
          path: ['node', field.name],
          emptyIs: 'EITHER',
        };
      }
    }
  }
}

const nodeRequest = (type: GraphQLObjectType, id: string, field?: Field) => {
  const document = nodeDocument(type, field);
  return async (): Promise<Request> => ({
    operation: 'query',
    document,
    variables: { id },
    endsSession: false,
  });
};

/** What is wrong with the answer; null when nothing is. */
function judge<World>(
  { matrix, world, ground }: Walk<World, Caller>,
  { actor }: Caller,
  { path, refusedAs, emptyIs }: Try,
  expected: Expected,
  answer: Answer,
): string | null {
  const verdict = verdictOf(answer, path, refusedAs);
  if (verdict === 'FAULT') return `failed: ${JSON.stringify(answer)}`;
  const seen = verdict === 'EMPTY' ? emptyIs : verdict;
  if (seen !== 'EITHER' && seen !== expected) {
    return `should be ${expected} and is ${seen}: ${JSON.stringify(answer).slice(0, 300)}`;
  }
  const shown = new Set(thingsIn(answer.data));
  for (const [type, rows] of Object.entries(matrix.nodes)) {
    for (const row of rows) {
      const leaks = shown.has(`${type} ${row.id(world)}`) && !isLetThrough(whoOf(row, world), actor, ground);
      if (leaks) return `shows a ${type} that is not the caller's to see`;
    }
  }
  return null;
}
