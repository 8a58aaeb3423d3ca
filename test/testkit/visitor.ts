import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ApiErrors, type ApiClient } from '../../src/demo/api-client.ts';
import { postGraphQL } from './raw-graphql.ts';

let visitors = 0;

/**
 * The API as somebody with a network address of the test's own sees it, so that what is counted by address is not
 * counted together. The gateway must have 127.0.0.1 among its trusted proxies.
 */
export function visitor(
  url: string,
  options: { readonly token?: string; readonly ip?: string } = {},
): ApiClient {
  visitors += 1;
  const ip = options.ip ?? `10.${visitors >> 16}.${(visitors >> 8) & 255}.${visitors & 255}`;
  const { token } = options;
  return {
    as: (secret) => visitor(url, { ip, token: secret }),
    async send<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) {
      const headers = {
        'x-forwarded-for': ip,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const { body } = await postGraphQL(url, document, variables, headers);
      if (body.errors || !body.data) throw new ApiErrors(body.errors ?? [{ message: 'no data' }]);
      return body.data as Data;
    },
  };
}
