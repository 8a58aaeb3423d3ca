import { EndpointFault } from './endpoint-fault.ts';
import { refusal, rpcErrorOf } from './rpc-refusal.ts';

/** JSON-RPC 2.0 over HTTP, one call a request. */
export interface JsonRpc {
  /** The result. Throws EndpointFault; asks once, waits at most the time-out. */
  call(method: string, params: readonly unknown[]): Promise<unknown>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** A block of a busy chain has a few megabytes. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const MAX_RETRY_AFTER_MS = 600_000;

/** @param address http or https; user and password in it are sent as the header that they stand for */
export function createJsonRpc(address: string, timeoutMs = DEFAULT_TIMEOUT_MS): JsonRpc {
  const url = new URL(address);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (url.username || url.password) {
    const pair = `${decoded(url.username)}:${decoded(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const tell = withoutParts(url);
  url.username = '';
  url.password = '';
  let lastId = 0;

  const post = async (body: string): Promise<{ response: Response; text: string }> => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
      return { response, text: await boundedText(response) };
    } catch (error) {
      if (error instanceof EndpointFault) throw error;
      if (error instanceof Error && error.name === 'TimeoutError') {
        throw new EndpointFault('TIMEOUT', `no answer within ${timeoutMs} ms`);
      }
      // The error's own words hold the address.
      throw new EndpointFault('UNREACHABLE', `not reached (${codeOf(error)})`);
    }
  };

  return {
    async call(method, params) {
      lastId += 1;
      const id = lastId;
      const { response, text } = await post(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      if (response.status === 429) throw httpFault(method, response);
      const answer = parsed(text);
      const error = rpcErrorOf(answer);
      if (error) throw refusal(method, error, tell);
      if (!response.ok) throw httpFault(method, response);
      if (typeof answer !== 'object' || answer === null || !('result' in answer)) {
        throw new EndpointFault('GARBAGE', `${method}: the answer is no JSON-RPC`);
      }
      if (!('id' in answer) || answer.id !== id) {
        throw new EndpointFault('GARBAGE', `${method}: the answer is to another question`);
      }
      return answer.result;
    },
  };
}

function httpFault(method: string, response: Response): EndpointFault {
  const { status } = response;
  const words = `${method}: HTTP ${status}`;
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  if (status === 429) return new EndpointFault('RATE_LIMITED', words, retryAfterMs);
  if (status === 413) return new EndpointFault('TOO_LARGE', words);
  return new EndpointFault(status >= 500 ? 'UNREACHABLE' : 'REFUSED', words, retryAfterMs);
}

/** Seconds or a date (RFC 9110, 10.2.3), at most ten minutes. */
function retryAfter(text: string | null): number | null {
  if (text === null) return null;
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return milliseconds > 0 ? Math.min(milliseconds, MAX_RETRY_AFTER_MS) : null;
}

async function boundedText(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new EndpointFault('TOO_LARGE', 'the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'no connection';
}

/** What a node says, without addresses and without the parts of its own that may be a key. */
function withoutParts(url: URL): (text: string) => string {
  const parts = [
    url.username,
    url.password,
    url.hostname,
    ...url.pathname.split('/'),
    ...url.searchParams.values(),
  ]
    .flatMap((part) => [part, decoded(part)])
    .filter((part) => part.length >= 4)
    .toSorted((a, b) => b.length - a.length);
  return (text) =>
    parts
      .reduce((told, part) => told.replaceAll(part, '…'), text)
      .replaceAll(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, '<address>')
      .replaceAll(/\p{Cc}+/gu, ' ');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
