import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

export interface ApiClient {
  /** The same API in somebody else's name: a session token or an API key. */
  as(secret: string): ApiClient;
  /** The data of one operation. Throws ApiErrors when the answer has errors. */
  send<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ApiError[];
}

export interface ApiError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly requestId?: string };
}

/** The top-level errors of an answer; refusals are part of the data. */
export class ApiErrors extends Error {
  override readonly name = 'ApiErrors';
  readonly errors: readonly ApiError[];

  constructor(errors: readonly ApiError[]) {
    super(errors.map((e) => `${e.extensions?.code ?? 'ERROR'}: ${e.message}`).join('; '));
    this.errors = errors;
  }
}

/** A plain GraphQL client over fetch, for the demo and the tests. `url` is the gateway's base address. */
export function createApiClient(url: string, secret?: string): ApiClient {
  return {
    as: (other) => createApiClient(url, other),
    async send<Data, Variables>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
    ): Promise<Data> {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        },
        body: JSON.stringify({ query: print(document), variables }),
      });
      const answer = (await response.json()) as Answer<Data>;
      if (answer.errors || !answer.data) throw new ApiErrors(answer.errors ?? [{ message: 'no data' }]);
      return answer.data;
    },
  };
}

/** The payload of a mutation's result. Throws when the request was refused. */
export function accepted<Result extends { __typename: string }, Name extends Result['__typename']>(
  result: Result,
  typename: Name,
): Extract<Result, { __typename: Name }> {
  if (isOf(result, typename)) return result;
  throw new Error(`expected ${typename}, got ${JSON.stringify(result)}`);
}

const isOf = <Result extends { __typename: string }, Name extends Result['__typename']>(
  result: Result,
  typename: Name,
): result is Extract<Result, { __typename: Name }> => result.__typename === typename;
