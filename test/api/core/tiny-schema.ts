import {
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { GraphQLFieldConfigMap } from 'graphql';
import type { RequestFacts } from '../../../src/graphql/core/context.ts';
import { forbidden, NotFoundError, unauthenticated } from '../../../src/graphql/core/errors.ts';

type Fields = GraphQLFieldConfigMap<unknown, RequestFacts>;

const Tree: GraphQLObjectType<unknown, RequestFacts> = new GraphQLObjectType<unknown, RequestFacts>({
  name: 'Tree',
  fields: (): Fields => ({
    name: { type: GraphQLString, resolve: () => 'tree' },
    child: { type: Tree, resolve: () => ({}) },
    children: { type: new GraphQLList(Tree), resolve: () => [{}, {}] },
  }),
});

const query: Fields = {
  hello: { type: GraphQLString, resolve: () => 'world' },
  echo: {
    type: GraphQLInt,
    args: { n: { type: new GraphQLNonNull(GraphQLInt) } },
    resolve: (_parent, { n }: { n: number }) => n,
  },
  whoAmI: {
    type: GraphQLString,
    resolve: (_p, _a, { actor }) => (actor.type === 'USER' ? actor.userId : actor.type),
  },
  clientIp: { type: GraphQLString, resolve: (_p, _a, { client }) => client.ip },
  device: {
    type: GraphQLString,
    resolve: (_p, _a, { client }) => `${client.device}${client.device.slice(99)}`,
  },
  tree: { type: Tree, resolve: () => ({}) },
  fault: {
    type: GraphQLString,
    resolve: () => {
      throw new Error('password of the database is hunter2');
    },
  },
  missing: {
    type: GraphQLString,
    resolve: () => {
      throw new NotFoundError({ code: 'NOT_FOUND', message: 'There is no such thing.', path: ['id'] });
    },
  },
  closed: {
    type: GraphQLString,
    resolve: () => {
      throw unauthenticated();
    },
  },
  denied: {
    type: GraphQLString,
    resolve: () => {
      throw forbidden();
    },
  },
};

let changes = 0;
/** Megabytes that were offered to slow readers, and whether there are more. */
export const flooded = { count: 0, goesOn: true };

const mutation: Fields = {
  change: { type: GraphQLInt, resolve: () => ++changes },
  signIn: {
    type: GraphQLString,
    resolve: (_p, _a, { setSessionCookie }) => {
      setSessionCookie?.('fresh');
      return 'ok';
    },
  },
};

const subscription: Fields = {
  count: {
    type: GraphQLInt,
    args: { to: { type: new GraphQLNonNull(GraphQLInt) } },
    resolve: (value) => value,
    subscribe: async function* (_parent: unknown, { to }: { to: number }) {
      for (let n = 1; n <= to; n++) yield n;
    },
  },
  never: { type: GraphQLInt, resolve: (value) => value, subscribe: () => silence() },
  breaks: {
    type: GraphQLInt,
    resolve: (value) => value,
    subscribe: async function* () {
      yield 1;
      throw new Error('hunter2');
    },
  },
  flood: {
    type: GraphQLString,
    resolve: () => 'x'.repeat(1_000_000),
    subscribe: async function* () {
      while (flooded.goesOn) {
        flooded.count += 1;
        yield 0;
      }
    },
  },
  guarded: {
    type: GraphQLInt,
    resolve: (value) => value,
    subscribe: async function* (
      _parent: unknown,
      _args: object,
      { currentActor, refuseConnection }: RequestFacts,
    ) {
      if (await currentActor()) yield 1;
      else refuseConnection();
    },
  },
};

/** A stream that gives nothing and ends at once when it is told to. */
function silence(): AsyncIterableIterator<number> {
  const { promise, resolve } = Promise.withResolvers<IteratorResult<number>>();
  const done = { done: true, value: undefined } as const;
  return {
    next: () => promise,
    return: async () => {
      resolve(done);
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const root = (name: string, fields: Fields) => new GraphQLObjectType({ name, fields });

/** Every kind of behaviour that the core has to carry, and nothing of the product. */
export const tinySchema = (): GraphQLSchema =>
  new GraphQLSchema({
    query: root('Query', query),
    mutation: root('Mutation', mutation),
    subscription: root('Subscription', subscription),
  });
