import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { ApiErrors, type ApiError } from '../../src/demo/api-client.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly data?: unknown; readonly errors?: readonly ApiError[] };
}

/** One operation with headers of the test's own, and the answer as it came. */
export async function postGraphQL<Variables>(
  url: string,
  document: TypedDocumentNode<unknown, Variables>,
  variables: Variables,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: print(document), variables }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as RawAnswer['body'],
  };
}

/** The codes of the top-level errors with which a request must have ended. Throws when it was answered. */
export async function errorCodes(request: Promise<unknown>): Promise<readonly (string | undefined)[]> {
  const answer = await request.then(
    (data) => ({ data }),
    (error: unknown) => ({ error }),
  );
  if ('error' in answer && answer.error instanceof ApiErrors) {
    return answer.error.errors.map(({ extensions }) => extensions?.code);
  }
  throw new Error(`expected top-level errors, got ${JSON.stringify(answer)}`);
}
