import { setTimeout as delay } from 'node:timers/promises';
import { MOST_CONFIRMATIONS } from '../../domain/project/payment-rules.ts';
import { ChainUnavailable } from '../../usecases/ports/chain-reader.ts';
import type { LeaderLock } from '../../usecases/ports/leader-lock.ts';
import { createChainFollower, type Progress } from './follow-chain.ts';
import { ReorgTooDeep } from './reorg.ts';
import { createStatusReport } from './status-report.ts';
import type { WatchedNetwork } from './watched-network.ts';

export interface ChainWatcherDeps extends Omit<WatchedNetwork, 'rememberedBlocks'> {
  /** Where to begin on a network that was never read; by default a little below its head. */
  readonly startHeight?: bigint;
  /** Milliseconds between looks at the head. */
  readonly pollIntervalMs: number;
  readonly leader: LeaderLock;
  /** Deepest reorg that is followed, in blocks; by default 128 or twice the most confirmations that are asked for. */
  readonly rememberedBlocks?: number;
}

/** What metrics and readiness tell of a network. Heights are null until they are known in this process. */
export interface WatcherState {
  readonly network: string;
  readonly leading: boolean;
  /** The highest block taken in. */
  readonly height: bigint | null;
  /** The node's highest block. */
  readonly head: bigint | null;
  /** Blocks still to take in. */
  readonly lag: bigint | null;
  /** The failure that the watcher waits out at present, or the one that stopped it. */
  readonly lastError: string | null;
  /** True after several failures in a row without a block taken in between: `lastError` needs somebody's eyes. */
  readonly failing: boolean;
  /** True after a reorg deeper than the memory; the network then waits for an operator. */
  readonly stopped: boolean;
}

export interface ChainWatcher {
  readonly network: string;
  state(): WatcherState;
  /**
   * Watches until the signal aborts, in one process at a time. Failures of node and database are logged and waited
   * out. Resolves early when the network had to stop (see `state`); rejects never.
   */
  run(signal: AbortSignal): Promise<void>;
}

const MIN_REMEMBERED_BLOCKS = 128;
const MAX_BACKOFF_MS = 30_000;
/** A node that hiccups is no news; this many failures in a row last a minute or so. */
const FAILING_AFTER = 5;

export function createChainWatcher(deps: ChainWatcherDeps): ChainWatcher {
  const { reader, leader, logger, pollIntervalMs, startHeight } = deps;
  const { network } = reader;
  const rememberedBlocks =
    deps.rememberedBlocks ??
    Math.max(MIN_REMEMBERED_BLOCKS, 2 * Math.max(deps.confirmations, MOST_CONFIRMATIONS));
  const report = createStatusReport(network, deps);
  const idle = {
    network,
    leading: false,
    height: null,
    head: null,
    lag: null,
    lastError: null,
    failing: false,
    stopped: false,
  };
  let state: WatcherState = idle;
  const tell = (change: Partial<WatcherState>): void => {
    state = { ...state, ...change };
  };

  const onFailure = async (error: unknown, failures: number): Promise<void> => {
    tell({ lastError: messageOf(error), failing: failures >= FAILING_AFTER });
    const level = error instanceof ChainUnavailable ? 'warn' : 'error';
    logger[level]({ network, err: error, failures }, 'reading the chain failed; trying again');
    await report.failure(messageOf(error));
  };

  const follow = async (signal: AbortSignal): Promise<void> => {
    tell({ leading: true });
    let failures = 0;
    const onProgress = async (progress: Progress): Promise<void> => {
      const { height, head } = progress;
      // Trying the same block again does not end a failure; getting past it does.
      if (height !== state.height) {
        failures = 0;
        tell({ lastError: null, failing: false });
      }
      tell({ height, head: head.height, lag: head.height > height ? head.height - height : 0n });
      await report.progress(progress);
    };
    const follower = createChainFollower({ ...deps, rememberedBlocks }, startHeight, onProgress);
    while (!signal.aborted) {
      try {
        await follower.catchUp(signal);
        failures = 0;
        tell({ lastError: null, failing: false });
      } catch (error) {
        if (error instanceof ReorgTooDeep) throw error;
        if (signal.aborted) break;
        failures += 1;
        await onFailure(error, failures);
      }
      await pause(backoff(pollIntervalMs, failures), signal);
    }
    tell({ leading: false, failing: false });
  };

  return {
    network,
    state: () => state,
    async run(signal) {
      try {
        await leader.lead(`chain:${network}`, signal, follow);
      } catch (error) {
        tell({ leading: false, failing: false, stopped: true, lastError: messageOf(error) });
        await report.stopped(messageOf(error));
        logger.error({ network, err: error }, 'watching the network stopped; an operator must look at it');
      }
    },
  };
}

/** Doubles with every failure in a row, up to half a minute. */
const backoff = (pollIntervalMs: number, failures: number): number =>
  Math.min(pollIntervalMs * 2 ** Math.min(failures, 16), Math.max(MAX_BACKOFF_MS, pollIntervalMs));

/** Waits, or ends at once when the signal aborts. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
