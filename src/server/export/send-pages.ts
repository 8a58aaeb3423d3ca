import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** What became of an answer: sent whole, left by its reader, or cut because it may not go on or is not read. */
export type Sent = 'SENT' | 'LEFT' | 'CUT' | 'STALLED';

export interface Sending {
  /** Cuts the answer when it aborts. */
  readonly cut: AbortSignal;
  /** Milliseconds for which the reader may take nothing. */
  readonly stallMs: number;
}

/**
 * Sends texts as fast as they are read: the next one is asked for when the socket has taken the last. An answer that
 * does not end by itself ends without the last chunk and with a reset, so that nobody takes it for a whole one.
 */
export async function sendPages(
  response: ServerResponse,
  pages: AsyncIterable<string>,
  sending: Sending,
): Promise<Sent> {
  const over = (): Sent | null => {
    if (sending.cut.aborted) return 'CUT';
    return response.closed || response.destroyed ? 'LEFT' : null;
  };
  try {
    for await (const page of pages) {
      const ended = over() ?? (response.write(page) ? null : await taken(response, sending)) ?? over();
      if (ended === null) continue;
      if (ended !== 'LEFT') cutOff(response);
      return ended;
    }
  } catch (error) {
    cutOff(response);
    throw error;
  }
  const ended = over();
  if (ended === 'CUT') cutOff(response);
  if (ended !== null) return ended;
  response.end();
  return 'SENT';
}

/** Waits until the socket has taken what was written; says why it never will. */
async function taken(response: ServerResponse, { cut, stallMs }: Sending): Promise<Sent | null> {
  const stalled = AbortSignal.timeout(stallMs);
  const waiting = new AbortController();
  const signal = AbortSignal.any([cut, stalled, waiting.signal]);
  try {
    return await Promise.race([
      once(response, 'drain', { signal }).then(() => null),
      once(response, 'close', { signal }).then((): Sent => 'LEFT'),
    ]);
  } catch (error) {
    if (cut.aborted) return 'CUT';
    if (stalled.aborted) return 'STALLED';
    throw error;
  } finally {
    waiting.abort();
  }
}

/** Without chunks (HTTP/1.0, as some proxies speak it) only a reset tells a cut answer from one that is at its end. */
function cutOff(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
  response.destroy();
}
