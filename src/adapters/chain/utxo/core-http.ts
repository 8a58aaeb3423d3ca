import { readFile } from 'node:fs/promises';
import { NodeFailure } from './node-failure.ts';

export interface CoreHttpConfig {
  /** `http://user:password@host:port`. */
  readonly url: string;
  /** The file that the node writes anew at each start (`.cookie`), for a URL without credentials. */
  readonly cookieFile?: string;
  readonly timeoutMs: number;
}

export interface CoreHttp {
  /** Sends a JSON-RPC body and gives the answer's body. Throws NodeFailure. */
  post(body: string): Promise<string>;
  /** Reads the cookie again before the next request: the node may have been started anew. */
  forgetCredentials(): void;
}

/** Far above the largest block as text; more is no answer of a node. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
/** Without a `Retry-After`. */
const BUSY_REST_MS = 2_000;
const MAX_REST_MS = 60_000;

/** JSON-RPC errors of one call come with these (Bitcoin Core, httprpc.cpp); the body says which. */
const WITH_RPC_ERROR = new Set([400, 404, 500]);
const BUSY = new Set([429, 503]);
/** Up to version 21, with status 500. */
const BUSY_TEXT = 'Work queue depth exceeded';

export function createCoreHttp({ url, cookieFile, timeoutMs }: CoreHttpConfig): CoreHttp {
  const { address, credentials } = split(url);
  let known = credentials;

  const authorization = async (): Promise<Record<string, string>> => {
    if (known === null && cookieFile !== undefined) known = await cookie(cookieFile);
    return known === null ? {} : { authorization: `Basic ${Buffer.from(known).toString('base64')}` };
  };

  return {
    async post(body) {
      const headers = { 'content-type': 'application/json', ...(await authorization()) };
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return await bodyOf(
          await fetch(address, { method: 'POST', headers, body, redirect: 'manual', signal }),
        );
      } catch (error) {
        throw error instanceof NodeFailure ? error : networkFailure(error, timeoutMs);
      }
    },
    forgetCredentials() {
      known = credentials;
    },
  };
}

/** `fetch` takes no URL with credentials, and its errors would repeat them. */
function split(url: string): { readonly address: string; readonly credentials: string | null } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  parsed.username = '';
  parsed.password = '';
  const credentials = username === '' && password === '' ? null : `${decoded(username)}:${decoded(password)}`;
  return { address: parsed.href, credentials };
}

/** A stray per cent sign is one, not an error that repeats the password. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The file holds `__cookie__:password`. */
async function cookie(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw new NodeFailure('the cookie file cannot be read');
  }
}

async function bodyOf(response: Response): Promise<string> {
  const { status } = response;
  if (response.ok) return textOf(response);
  if (WITH_RPC_ERROR.has(status)) {
    const text = await textOf(response);
    if (text.startsWith(BUSY_TEXT)) throw busy(response);
    return text;
  }
  await response.body?.cancel();
  if (BUSY.has(status)) throw busy(response);
  if (status === 401 || status === 403) throw new NodeFailure(`HTTP ${status}, the credentials were refused`);
  throw new NodeFailure(`HTTP ${status}`);
}

const busy = (response: Response): NodeFailure =>
  new NodeFailure(`HTTP ${response.status}, the node is too busy`, { restMs: restOf(response) });

/** Seconds (RFC 9110, 10.2.3), bounded. */
function restOf(response: Response): number {
  const retryAfter = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(retryAfter) ? Math.min(Number(retryAfter) * 1_000, MAX_REST_MS) : BUSY_REST_MS;
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new NodeFailure('the answer is too large');
    parts.push(part);
  }
  if (size === 0) throw new NodeFailure(`HTTP ${response.status} without an answer`);
  return Buffer.concat(parts, size).toString('utf8');
}

/** The error's code says what went wrong; its message would say where. */
function networkFailure(error: unknown, timeoutMs: number): NodeFailure {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new NodeFailure(`no answer within ${timeoutMs} ms`);
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : null;
  return new NodeFailure(code ?? 'the connection failed');
}
