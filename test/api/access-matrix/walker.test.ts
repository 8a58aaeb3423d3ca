import { buildSchema, graphql, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ANONYMOUS, type Actor, type UserActor } from '../../../src/domain/access/actor.ts';
import { may } from '../../../src/domain/access/rights.ts';
import { forbidden, unauthenticated } from '../../../src/graphql/core/errors.ts';
import { userActor } from '../../testkit/actors.ts';
import { row, type Matrix } from './rows.ts';
import type { Answer } from './verdict.ts';
import { uncovered, violations } from './walker.ts';
import { right } from './who.ts';

const SDL = `
  interface Node { id: ID! }
  interface UserError { code: String! message: String! }
  type NotFoundError implements UserError { code: String! message: String! }
  type Shop implements Node { id: ID! name: String! owner: Person }
  type Person implements Node { id: ID! email: String! }
  union RenameResult = Shop | NotFoundError
  type Query { node(id: ID!): Node shop(id: ID!): Shop shops: [Shop!]! }
  type Mutation { rename(id: ID!): RenameResult! }
`;

const ground = { merchantId: 'merchant', projectId: 'shop' };
const owner = userActor('ann', { merchantId: 'merchant', role: 'OWNER', projectIds: null });
const viewer = userActor('vic', { merchantId: 'merchant', role: 'VIEWER', projectIds: null });
const stranger = userActor('bob', { merchantId: 'elsewhere', role: 'OWNER', projectIds: null });
const callers = [
  { name: 'owner', actor: owner },
  { name: 'viewer', actor: viewer },
  { name: 'stranger', actor: stranger },
  { name: 'nobody', actor: ANONYMOUS },
];

const matrix: Matrix<null> = {
  nodes: {
    Shop: [{ id: () => 'shop', who: right('project:read', 'project') }],
    Person: [{ id: () => 'ann', who: { is: 'ann' } }],
  },
  fields: {
    'Query.node': row('PUBLIC', () => ({ id: 'nowhere' })),
    'Query.shop': row(right('project:read', 'project'), () => ({ id: 'shop' })),
    'Query.shops': row('USER'),
    'Mutation.rename': row(right('project:write', 'project'), () => ({ id: 'shop' })),
    'Shop.owner': row(right('member:read', 'merchant')),
  },
};

const isUser = (actor: Actor): actor is UserActor => actor.type === 'USER';
const maySee = (actor: Actor) => may(actor, 'project:read', { ...ground, mode: 'ANY' });
const person = (actor: Actor) => ({ __typename: 'Person', id: 'ann', email: 'ann@a.example', actor });
const shop = (actor: Actor) => ({
  __typename: 'Shop',
  id: 'shop',
  name: 'Shop',
  owner: () => (may(actor, 'member:read', ground) ? person(actor) : null),
});

/** A small API that does what its matrix says. */
const sound = (actor: Actor) => ({
  node: ({ id }: { id: string }) => {
    if (id === 'shop') return maySee(actor) ? shop(actor) : null;
    return id === 'ann' && isUser(actor) && actor.userId === 'ann' ? person(actor) : null;
  },
  shop: ({ id }: { id: string }) => {
    if (!isUser(actor)) throw unauthenticated();
    return id === 'shop' && maySee(actor) ? shop(actor) : null;
  },
  shops: () => {
    if (!isUser(actor)) throw unauthenticated();
    return maySee(actor) ? [shop(actor)] : [];
  },
  rename: () => {
    if (!isUser(actor)) throw unauthenticated();
    return may(actor, 'project:write', ground)
      ? shop(actor)
      : { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'no' };
  },
});
type Api = ReturnType<typeof sound>;

/** The violations of the small API where some of its fields are replaced. */
function found(replaced: (actor: Actor) => Partial<Record<keyof Api, unknown>>): Promise<string[]> {
  const schema = buildSchema(SDL);
  return violations({
    schema,
    matrix,
    world: null,
    ground,
    callers,
    send: async ({ actor }, { document, variables }) => {
      const answer = await graphql({
        schema,
        source: document,
        variableValues: variables,
        rootValue: { ...sound(actor), ...replaced(actor) },
      });
      return answer as Answer;
    },
  });
}

const withField = (sdl: string): GraphQLSchema => buildSchema(SDL + sdl);

describe('the walker', () => {
  test('finds nothing in an API that keeps to its matrix', async () => {
    expect(uncovered(buildSchema(SDL), matrix)).toEqual([]);
    expect(await found(() => ({}))).toEqual([]);
  });

  test.each<[string, (actor: Actor) => Partial<Record<keyof Api, unknown>>, string[]]>([
    [
      'a field that asks nobody for rights',
      (actor) => ({ shop: () => shop(actor) }),
      ['stranger: Query.shop', 'nobody: Query.shop'],
    ],
    [
      'a field that is shut for those who may',
      () => ({
        shop: () => {
          throw forbidden();
        },
      }),
      ['owner: Query.shop', 'viewer: Query.shop'],
    ],
    [
      'a list with rows of others',
      (actor) => ({ shops: () => [shop(actor)] }),
      ['stranger: Query.shops', 'nobody: Query.shops'],
    ],
    [
      'a node that is open to all who are signed in',
      (actor) => ({
        node: ({ id }: { id: string }) =>
          isUser(actor) && id === 'ann' ? person(actor) : sound(actor).node({ id }),
      }),
      ['viewer: node Person', 'stranger: node Person'],
    ],
    [
      'a field below a node that forgets its own right',
      (actor) => ({
        node: ({ id }: { id: string }) => {
          const seen = sound(actor).node({ id });
          return seen && id === 'shop' ? { ...seen, owner: () => person(actor) } : seen;
        },
      }),
      ['viewer: Shop.owner'],
    ],
    [
      'a mutation that tells strangers that a thing exists',
      (actor) => ({
        rename: () => {
          if (!isUser(actor)) throw unauthenticated();
          return { __typename: 'Shop', id: 'shop', name: 'Shop' };
        },
      }),
      ['viewer: Mutation.rename', 'stranger: Mutation.rename'],
    ],
    [
      'a fault, whoever causes it',
      () => ({
        shops: () => {
          throw new Error('broken');
        },
      }),
      ['owner: Query.shops', 'viewer: Query.shops', 'stranger: Query.shops', 'nobody: Query.shops'],
    ],
  ])('catches %s', async (_what, replaced, expected) => {
    const lines = await found(replaced);
    expect(
      lines.map((line) =>
        line
          .split(' ')
          .slice(0, line.includes(': node') ? 3 : 2)
          .join(' '),
      ),
    ).toEqual(expected);
  });

  test('wants a row for every field, every guarded field of a node, every type, and no more', () => {
    const { fields, nodes } = matrix;
    expect(uncovered(withField('extend type Query { balance: Int }'), matrix)).toEqual([
      'field Query.balance has no row',
    ]);
    expect(uncovered(withField('extend type Mutation { pay: Int }'), matrix)).toEqual([
      'field Mutation.pay has no row',
    ]);
    expect(uncovered(withField('type Subscription { paid: Int }'), matrix)).toEqual([
      'field Subscription.paid has no row',
    ]);
    expect(uncovered(withField('extend type Person { shops: [Shop!]! }'), matrix)).toEqual([
      'field Person.shops has no row',
    ]);
    expect(uncovered(withField('type Key implements Node { id: ID! }'), matrix)).toEqual([
      'type Key has no row',
    ]);
    const stale = {
      fields: { ...fields, 'Query.gone': row<null>('PUBLIC') },
      nodes: { ...nodes, Person: [], Gone: [] },
    };
    expect(uncovered(buildSchema(SDL), stale)).toEqual([
      'type Person has no row',
      'there is no field Query.gone',
      'there is no type Gone',
    ]);
  });
});
