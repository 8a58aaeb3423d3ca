import { EndpointFault } from './endpoint-fault.ts';

/** What each endpoint last said of its head. */
export interface EndpointHeads {
  /** Throws EndpointFault LAGGING when the endpoint is far behind another one. */
  saw(endpoint: number, height: bigint): void;
  /** The highest head that another endpoint told lately; null when there is none. */
  elsewhere(endpoint: number): bigint | null;
}

/** More than what a block takes to get around, on the fastest chains too. */
const MAX_BEHIND = 10n;
/** What an endpoint said before that is no measure for the others: the chain may have been set back. */
const REMEMBERED_MS = 600_000;

/** @param now milliseconds, monotonic */
export function endpointHeads(now: () => number): EndpointHeads {
  const seen = new Map<number, { readonly height: bigint; readonly at: number }>();
  const elsewhere = (endpoint: number): bigint | null => {
    let highest: bigint | null = null;
    for (const [other, { height, at }] of seen) {
      if (other === endpoint || now() - at > REMEMBERED_MS) continue;
      if (highest === null || height > highest) highest = height;
    }
    return highest;
  };
  return {
    elsewhere,
    saw(endpoint, height) {
      seen.set(endpoint, { height, at: now() });
      const behind = (elsewhere(endpoint) ?? height) - height;
      if (behind > MAX_BEHIND)
        throw new EndpointFault('LAGGING', `at ${height}, ${behind} blocks behind another`);
    },
  };
}
