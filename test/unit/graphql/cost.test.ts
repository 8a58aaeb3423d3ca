import { buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';
import { createGraphQLEngine } from '../../../src/graphql/core/engine.ts';
import type { RequestFacts } from '../../../src/graphql/core/context.ts';
import { ANONYMOUS } from '../../../src/domain/access/actor.ts';
import { fieldCost } from '../../../src/graphql/core/cost.ts';

/** As the complexity plugin marks the fields of the real schema. */
function costed(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!('getFields' in type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) field.extensions = { complexity: fieldCost };
  }
  return schema;
}

const schema = costed(
  buildSchema(`
    type Query { rows(first: Int, last: Int): Rows! tags: [Tag!]! }
    type Rows { edges: [Edge!]! }
    type Edge { node: Row! }
    type Row { name: String tags: [Tag!]! }
    type Tag { name: String }
  `),
);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const facts: RequestFacts = {
  actor: ANONYMOUS,
  requestId: 'r',
  client: { ip: '', device: '' },
  userAgent: '',
  log: silent,
  currentActor: async () => null,
  refuseConnection: () => undefined,
};
const engine = createGraphQLEngine({
  schema,
  makeContext: (known) => known,
  log: silent,
  introspection: true,
  graphiql: false,
});

async function costOf(query: string, variableValues: Record<string, unknown> = {}) {
  const { parse, execute, contextFactory } = engine.getEnveloped({ facts });
  const result = await execute({
    schema,
    document: parse(query),
    variableValues,
    contextValue: await contextFactory(),
  });
  const cost = result.extensions?.['cost'] as { estimated: number } | undefined;
  return cost?.estimated;
}

test('a page costs as many rows as were asked for, 20 by default', async () => {
  // One for the page, then per row: edges, node and name.
  expect(await costOf('{ rows(first: 7) { edges { node { name } } } }')).toBe(1 + 7 * 3);
  expect(await costOf('{ rows(last: 7) { edges { node { name } } } }')).toBe(1 + 7 * 3);
  expect(await costOf('{ rows { edges { node { name } } } }')).toBe(1 + 20 * 3);
});

test('a list without pages counts as ten rows', async () => {
  expect(await costOf('{ tags { name } }')).toBe(1 + 10);
});

test('a page size in a variable is measured at each request', async () => {
  const query = 'query ($n: Int) { rows(first: $n) { edges { node { name } } } }';
  expect(await costOf(query, { n: 1 })).toBe(4);
  expect(await costOf(query, { n: 100 })).toBe(301);
});
