import { ChainUnavailable } from '../../../usecases/ports/chain-reader.ts';
import { createCoreHttp } from './core-http.ts';
import { createCoreRpc, type CoreRpc } from './core-rpc.ts';
import { NodeFailure } from './node-failure.ts';
import { checkChain, readyTip, type ExpectedChain } from './node-state.ts';

export interface CoreNodesConfig extends ExpectedChain {
  /** Nodes in the order of preference; they may hold credentials, so no message tells them. */
  readonly rpcUrls: readonly string[];
  /** For URLs without credentials. */
  readonly cookieFile?: string;
  /** For one request; 30 s by default. */
  readonly timeoutMs?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic?: () => number;
}

export interface CoreNodes {
  /**
   * Does all of `work` with one node: the first that can. A node that failed is asked after the others for a while; one
   * that is too busy is not asked at all before its time. Throws ChainUnavailable with each node's reason when none
   * could, and a plain Error when all of them are of another chain.
   */
  using<T>(what: string, work: NodeWork<T>): Promise<T>;
  /** What each node says that does not rest; one answer at least. Throws as `using` does. */
  answers<T>(what: string, work: NodeWork<T>): Promise<readonly T[]>;
  readonly count: number;
}

/** `node` is the number of the node among the configured ones, for what is remembered of each. */
export type NodeWork<T> = (rpc: CoreRpc, node: number) => Promise<T>;

interface CoreNode {
  readonly rpc: CoreRpc;
  readonly forgetCredentials: () => void;
  /** Its chain and state were looked at since it last failed. */
  verified: boolean;
  failures: number;
  lastFailure: NodeFailure | null;
  restUntil: number;
}

const TIMEOUT_MS = 30_000;
const FIRST_REST_MS = 1_000;
const MAX_REST_MS = 60_000;

export function createCoreNodes(config: CoreNodesConfig): CoreNodes {
  const { network, rpcUrls, cookieFile, timeoutMs = TIMEOUT_MS } = config;
  const monotonic = config.monotonic ?? (() => performance.now());
  const nodes = rpcUrls.map((url): CoreNode => {
    const http = createCoreHttp({ url, timeoutMs, ...(cookieFile === undefined ? {} : { cookieFile }) });
    return {
      rpc: createCoreRpc(http),
      forgetCredentials: () => http.forgetCredentials(),
      verified: false,
      failures: 0,
      lastFailure: null,
      restUntil: 0,
    };
  });

  const attempt = async <T>(node: CoreNode, work: NodeWork<T>): Promise<T> => {
    if (node.lastFailure?.restMs && monotonic() < node.restUntil) throw node.lastFailure;
    try {
      if (!node.verified) {
        await checkChain(node.rpc, config);
        await readyTip(node.rpc);
      }
      const done = await work(node.rpc, nodes.indexOf(node));
      node.verified = true;
      node.failures = 0;
      node.lastFailure = null;
      node.restUntil = 0;
      return done;
    } catch (error) {
      if (error instanceof NodeFailure) noteFailure(node, error, monotonic());
      throw error;
    }
  };

  const using: CoreNodes['using'] = async (what, work) => {
    const failures: (readonly [node: CoreNode, failure: NodeFailure])[] = [];
    for (const node of inOrder(nodes, monotonic())) {
      try {
        return await attempt(node, work);
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
        failures.push([node, error]);
      }
    }
    const reasons = failures.map(([node, { message }]) =>
      nodes.length === 1 ? message : `node ${nodes.indexOf(node) + 1}: ${message}`,
    );
    const told = `${network}: ${what} failed: ${reasons.join('; ')}`;
    if (failures.every(([, { isForeign }]) => isForeign)) throw new Error(told);
    throw new ChainUnavailable(told);
  };

  return {
    using,
    async answers(what, work) {
      const awake = nodes.filter(({ restUntil }) => restUntil <= monotonic());
      const settled = await Promise.allSettled(awake.map((node) => attempt(node, work)));
      const answers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      for (const each of settled)
        if (each.status === 'rejected' && !(each.reason instanceof NodeFailure)) throw each.reason;
      // All of them rest or failed: what `using` throws says why.
      return answers.length > 0 ? answers : [await using(what, work)];
    },
    count: nodes.length,
  };
}

/** Those that rest come last, but they do come: when all others fail, asking them costs nothing. */
const inOrder = (nodes: readonly CoreNode[], now: number): readonly CoreNode[] => [
  ...nodes.filter(({ restUntil }) => restUntil <= now),
  ...nodes.filter(({ restUntil }) => restUntil > now),
];

function noteFailure(node: CoreNode, failure: NodeFailure, now: number): void {
  const doubled = FIRST_REST_MS * 2 ** Math.min(node.failures, 16);
  node.forgetCredentials();
  // Behind the same address another node may answer from now on.
  node.verified = false;
  node.failures += 1;
  node.lastFailure = failure;
  node.restUntil = now + (failure.restMs ?? Math.min(doubled, MAX_REST_MS));
}
