import type { IncomingMessage } from 'node:http';
import { retryAfterSeconds } from '../../domain/text/retry-after.ts';

/** What is read of a body before the connection is cut, and what is kept of it for the log. */
const MAX_READ_BYTES = 64 * 1024;
const MAX_KEPT_BYTES = 4 * 1024;
const MAX_HEADERS = 32;
const MAX_HEADER_LENGTH = 256;
const MAX_RETRY_AFTER_SECONDS = 3_600;

/** Headers that may hold what lets somebody in: none of our business, and the log shows them to others. */
const SECRET_HEADER = /cookie|auth|token|secret|session|password|api-?key/i;
/** What would move the cursor, hide or turn around the text around it, or what a column cannot hold. */
const UNSAFE = /[^\P{Cc}\t\n]|[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

const harmless = (text: string): string => text.replaceAll('\r\n', '\n').replace(UNSAFE, '\uFFFD');

/** The beginning of the body as text. Never throws: the status was heard, and counts however the body ends. */
export async function bodyStart(response: IncomingMessage): Promise<string> {
  const kept: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (size < MAX_KEPT_BYTES) kept.push(chunk.subarray(0, MAX_KEPT_BYTES - size));
      size += chunk.length;
      // Leaving the loop cuts the connection.
      if (size > MAX_READ_BYTES) break;
    }
  } catch {
    // Cut, garbled or too slow: what came of it is shown.
  }
  // As a stream, so that a character that was cut in two is left out.
  return harmless(new TextDecoder().decode(Buffer.concat(kept), { stream: true }));
}

/** The headers that a merchant may see in the log, bounded, their names in lower case. */
export function shownHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const shown = Object.entries(headers)
    .filter(([name]) => !SECRET_HEADER.test(name))
    .slice(0, MAX_HEADERS)
    .map(([name, value]) => [short(name), short([value].flat().join(', '))]);
  return Object.fromEntries(shown);
}

const short = (text: string): string => harmless(text.slice(0, MAX_HEADER_LENGTH));

/** At most an hour. */
export function askedPause({ headers }: IncomingMessage): number | null {
  const seconds = retryAfterSeconds(headers['retry-after'] ?? null, headers.date ?? null);
  return seconds === null ? null : Math.min(seconds, MAX_RETRY_AFTER_SECONDS);
}
