import { createPublicClient, http } from 'viem';
import { ChainUnavailable } from '../../../usecases/ports/chain-reader.ts';

const TIMEOUT_MS = 10_000;

/** A client that asks once and as it is told: no retries (the watcher backs off), no batches, no kept answers. */
export const evmClient = (rpcUrl: string) =>
  createPublicClient({
    transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 0, batch: false }),
    cacheTime: 0,
  });

export type EvmClient = ReturnType<typeof evmClient>;

/** Turns whatever goes wrong into ChainUnavailable, with the node's address (it may hold a key) left out. */
export async function asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ChainUnavailable) throw error;
    throw new ChainUnavailable(`${what} failed`, { cause: withoutAddress(error) });
  }
}

/** viem puts the URL and the request into its messages; its short message and the node's own words suffice. */
function withoutAddress(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('unknown failure');
  const short = 'shortMessage' in error ? String(error.shortMessage) : error.message;
  const details = 'details' in error ? String(error.details) : '';
  const words = [short, details].filter(Boolean).join(': ');
  return new Error(`${error.name}: ${words.replaceAll(/[a-z]+:\/\/\S+/gi, '<address>')}`);
}
