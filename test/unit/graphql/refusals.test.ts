import { graphql, parse, subscribe } from 'graphql';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { ANONYMOUS } from '../../../src/domain/access/actor.ts';
import { builder } from '../../../src/graphql/core/builder.ts';
import { NotFoundError, unwrap } from '../../../src/graphql/core/errors.ts';
import { userActor } from '../../testkit/actors.ts';
import { buildSchema } from '../../../src/graphql/core/schema.ts';
import type { Result } from '../../../src/usecases/result.ts';
import { done, refuse } from '../../../src/usecases/result.ts';

const ALICE = userActor('alice');

/** What the use case behind `probeCreate` answers. */
let answer: Result<{ size: number }> = done({ size: 1 });
let calls = 0;

const Probe = builder.objectRef<{ size: number }>('Probe').implement({
  fields: (t) => ({ size: t.exposeInt('size') }),
});
const ProbeInput = builder.inputType('ProbeCreateInput', {
  fields: (t) => ({ email: t.string({ required: true, validate: z.email('must be an e-mail address') }) }),
});
builder.mutationField('probeCreate', (t) =>
  t.field({
    type: Probe,
    authScopes: { user: true },
    errors: { types: [NotFoundError] },
    args: { input: t.arg({ type: ProbeInput, required: true }) },
    resolve: () => {
      calls += 1;
      return unwrap(answer);
    },
  }),
);
builder.queryField('probes', (t) =>
  t.connection({
    type: Probe,
    authScopes: { authenticated: true },
    resolve: () => ({ edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false } }),
  }),
);
builder.subscriptionField('probeTicks', (t) =>
  t.int({
    authScopes: { user: true },
    args: { from: t.arg.int({ required: true, validate: z.number().max(3, 'is too much') }) },
    subscribe: async function* (_root, { from }) {
      yield from;
    },
    resolve: (value) => value,
  }),
);

const schema = buildSchema();
// The core's plugins look at the actor only.
const contextOf = (actor: Actor) => ({ actor });

const create = (email: string, actor: Actor) =>
  graphql({
    schema,
    source: `mutation ($email: String!) {
      probeCreate(input: { email: $email }) { __typename ... on Probe { size } ... on UserError { code message path } }
    }`,
    variableValues: { email },
    contextValue: contextOf(actor),
  });

describe('a refusal', () => {
  test('is a member of the result union', async () => {
    answer = refuse('NOT_FOUND', 'No such probe.', 'id');
    expect((await create('a@b.example', ALICE)).data).toEqual({
      probeCreate: {
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        message: 'No such probe.',
        path: ['input', 'id'],
      },
    });
  });

  test('FORBIDDEN ends the request', async () => {
    answer = refuse('FORBIDDEN', 'Not yours.');
    const { errors } = await create('a@b.example', ALICE);
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
  });

  test('success is the plain type', async () => {
    answer = done({ size: 7 });
    expect((await create('a@b.example', ALICE)).data).toEqual({
      probeCreate: { __typename: 'Probe', size: 7 },
    });
  });

  test('the union is named after the field', () => {
    expect(String(schema.getMutationType()?.getFields()['probeCreate']?.type)).toBe('ProbeCreateResult!');
  });
});

describe('input that a schema refuses', () => {
  test('is an InvalidInputError with its place, and the use case is not asked', async () => {
    calls = 0;
    expect((await create('nobody', ALICE)).data).toEqual({
      probeCreate: {
        __typename: 'InvalidInputError',
        code: 'INVALID_INPUT',
        message: 'must be an e-mail address',
        path: ['input', 'email'],
      },
    });
    expect(calls).toBe(0);
  });

  test('is not even told to strangers', async () => {
    const { errors, data } = await create('nobody', ANONYMOUS);
    expect(data).toBeNull();
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  test.each([
    ['a stranger', 9, ANONYMOUS, 'Sign in or send an API key.'],
    ['bad input', 9, ALICE, 'is too much'],
  ])('stops a subscription before it opens: %s', async (_name, from, actor, message) => {
    const document = parse(`subscription { probeTicks(from: ${from}) }`);
    const result = await subscribe({ schema, document, contextValue: contextOf(actor) });
    expect('errors' in result && result.errors?.[0]?.message).toBe(message);
  });
});

test.each([0, -1, 101])('a page of %i is refused', async (first) => {
  const source = `{ probes(first: ${first}) { edges { cursor } } }`;
  const { errors } = await graphql({ schema, source, contextValue: contextOf(ALICE) });
  expect(errors?.[0]?.message).toBe('first must be between 1 and 100.');
});
