import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { ApiErrors, type ApiClient } from '../../src/demo/api-client.ts';

/** What a caller can see of an answer: its data, or codes and messages of its errors. */
export type Outcome =
  | { readonly data: unknown }
  | { readonly errors: readonly { code: string; message: string }[] };

/** An operation with the variables that are tried with it. */
export type Attempt = (client: ApiClient) => Promise<Outcome>;

const outcomeOf = async (request: Promise<unknown>): Promise<Outcome> => {
  try {
    return { data: await request };
  } catch (error) {
    if (!(error instanceof ApiErrors)) throw error;
    return { errors: error.errors.map((e) => ({ code: e.extensions?.code ?? 'NONE', message: e.message })) };
  }
};

export const attempt =
  <Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Attempt =>
  (client) =>
    outcomeOf(client.send(document, variables));

/** The first answer of a subscription over server-sent events that must be refused: its text without the request id. */
export async function refusedStream<Variables>(
  url: string,
  document: TypedDocumentNode<unknown, Variables>,
  variables: Variables,
  secret: string | null,
): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify({ query: print(document), variables }),
    // A stream that is not refused stays open: this ends the test instead.
    signal: AbortSignal.timeout(5_000),
  });
  return response.text();
}
