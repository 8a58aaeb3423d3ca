import { ChainUnavailable } from '../../../../usecases/ports/chain-reader.ts';
import type { Logger } from '../../../../usecases/ports/logger.ts';
import { EndpointFault } from './endpoint-fault.ts';

/** Several nodes of one network, the preferred one first. */
export interface Endpoints<E> {
  /**
   * Runs the work against one endpoint, and from its beginning against the next when that one does not do: what it
   * gives is the view of a single one. Throws ChainUnavailable when none does, a plain Error when somebody must mend
   * the configuration, and whatever else the work throws.
   */
  use<T>(what: string, work: (endpoint: E) => Promise<T>): Promise<T>;
  /** Asks every endpoint that does not rest. Rejects never. */
  survey(work: (endpoint: E) => Promise<void>): Promise<void>;
}

export interface EndpointsOptions<E> {
  readonly network: string;
  readonly endpoints: readonly E[];
  /** Before an endpoint is used, and again after it failed. Throws EndpointFault. */
  readonly verify: (endpoint: E) => Promise<void>;
  readonly logger: Logger;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

interface EndpointState<E> {
  /** As messages name it, from 1: an address may hold a key. */
  readonly number: number;
  readonly endpoint: E;
  isVerified: boolean;
  failures: number;
  /** Null while it does. */
  fault: EndpointFault | null;
  restsUntil: number;
}

const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 60_000;

export function createEndpoints<E>(options: EndpointsOptions<E>): Endpoints<E> {
  const { network, verify, logger, now } = options;
  const states = options.endpoints.map((endpoint, index): EndpointState<E> => ({
    number: index + 1,
    endpoint,
    isVerified: false,
    failures: 0,
    fault: null,
    restsUntil: -Infinity,
  }));

  const attempt = async <T>(state: EndpointState<E>, work: (endpoint: E) => Promise<T>): Promise<T> => {
    if (!state.isVerified) await verify(state.endpoint);
    state.isVerified = true;
    const result = await work(state.endpoint);
    if (state.fault && states.length > 1)
      logger.info({ network, endpoint: state.number }, 'a node answers again');
    state.fault = null;
    state.failures = 0;
    state.restsUntil = -Infinity;
    return result;
  };

  const failed = (state: EndpointState<E>, fault: EndpointFault): void => {
    // The watcher tells of a network without a node; this is about one of several.
    if (states.length > 1 && state.fault?.kind !== fault.kind) {
      const level = fault.kind === 'MISFIT' ? 'error' : 'warn';
      logger[level]({ network, endpoint: state.number, err: fault }, 'a node is not used for now');
    }
    state.isVerified = false;
    state.fault = fault;
    state.restsUntil = now() + (fault.retryAfterMs ?? restAfter(state.failures, options.random()));
    state.failures += 1;
  };

  return {
    async use(what, work) {
      for (const state of candidates(states, now())) {
        try {
          return await attempt(state, work);
        } catch (error) {
          if (!(error instanceof EndpointFault)) throw error;
          failed(state, error);
        }
      }
      throw unavailable(network, what, states);
    },
    async survey(work) {
      const asked = states.filter((state) => state.restsUntil <= now());
      await Promise.all(
        asked.map((state) =>
          attempt(state, work).catch((error: unknown) => {
            if (error instanceof EndpointFault) failed(state, error);
            else logger.error({ network, endpoint: state.number, err: error }, 'asking a node failed');
          }),
        ),
      );
    },
  };
}

/**
 * In the order of preference, those that rest left out. When all rest, they are asked after all, the one first that is
 * up soonest: the caller waits between its attempts too. Only a node that asked to be left alone is.
 */
function candidates<E>(states: readonly EndpointState<E>[], now: number): readonly EndpointState<E>[] {
  const awake = states.filter((state) => state.restsUntil <= now);
  if (awake.length > 0) return awake;
  return states
    .filter((state) => state.fault?.retryAfterMs === null)
    .toSorted((a, b) => a.restsUntil - b.restsUntil);
}

/** Doubles with every failure in a row; half of it is chance, so that many processes do not come back together. */
const restAfter = (failures: number, chance: number): number =>
  Math.min(FIRST_REST_MS * 2 ** Math.min(failures, 16), LONGEST_REST_MS) * (0.5 + chance / 2);

function unavailable<E>(network: string, what: string, states: readonly EndpointState<E>[]): Error {
  const reasons = states.map(({ number, fault }) => {
    const words = fault ? fault.message : 'not asked';
    return states.length === 1 ? words : `node ${number}: ${words}`;
  });
  const message = `${network}: ${what} failed: ${reasons.join('; ')}`;
  if (states.every(({ fault }) => fault?.kind === 'MISFIT')) return new Error(message);
  const cause = states.find(({ fault }) => fault)?.fault;
  return new ChainUnavailable(message, { cause });
}
