import type { Exchange } from './http-load.ts';

/** One checked exchange, outside the measurements. */
export async function runOnce(url: string, { path, key, body, check }: Exchange): Promise<string> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      accept: 'application/graphql-response+json',
      'content-type': 'application/json',
    },
    body,
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  check(text);
  return text;
}
