import { retryAfterSeconds } from '../../domain/text/retry-after.ts';
import { RateSourceError } from './rate-source.ts';

export interface SourceHttpOptions {
  /** Default 5 s. */
  readonly timeoutMilliseconds?: number;
  /** Default 512 KiB: the longest real answer has some twenty. */
  readonly maxBytes?: number;
}

/** Gets the body of a URL as text. Throws RateSourceError. */
export type GetText = (
  url: string,
  signal: AbortSignal,
  headers?: Readonly<Record<string, string>>,
) => Promise<string>;

/** Asks over HTTP within bounds of time and size; redirects are refused: the source stands where it is configured. */
export function createSourceHttp({
  timeoutMilliseconds = 5_000,
  maxBytes = 512 * 1024,
}: SourceHttpOptions = {}): GetText {
  return async (url, signal, headers = {}) => {
    const timeout = AbortSignal.timeout(timeoutMilliseconds);
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json, application/xml;q=0.9', 'user-agent': 'Paybell', ...headers },
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
      });
      if (response.status !== 200) throw await refusal(response);
      return await boundedText(response, maxBytes);
    } catch (fault) {
      if (fault instanceof RateSourceError || signal.aborted) throw fault;
      if (timeout.aborted) throw new RateSourceError(`no answer within ${timeoutMilliseconds} ms`);
      throw new RateSourceError('cannot be reached', { cause: fault });
    }
  };
}

async function refusal(response: Response): Promise<RateSourceError> {
  await response.body?.cancel();
  return new RateSourceError(`answered ${response.status}`, {
    status: response.status,
    retryAfterSeconds: retryAfterSeconds(response.headers.get('retry-after'), response.headers.get('date')),
  });
}

/** Counts what was unpacked, so that a small packed answer cannot grow without bound either. */
async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (size > maxBytes) throw new RateSourceError(`answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
