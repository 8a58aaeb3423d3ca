import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';

export interface PinnedAgentOptions {
  readonly lookup: LookupFunction;
  /** Certificate authorities to believe instead of the usual ones, PEM. */
  readonly ca?: string;
}

/** Per server; a burst opens more, which are closed after it. */
const MAX_IDLE_CONNECTIONS = 2;
const IDLE_MS = 4_000;
/** A connection is not kept for longer, so that a name that moved is followed. */
const MAX_AGE_MS = 60_000;
/** How long one of several addresses is tried alone before the next is tried as well. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

/**
 * Connections to strangers' servers. Only `lookup` says where they go; no proxy of the environment is asked; and
 * their number is not limited here: waiting for a connection would let one server hold up another's messages.
 */
export function pinnedAgent(protocol: string, { lookup, ca }: PinnedAgentOptions): http.Agent {
  const options: https.AgentOptions = {
    keepAlive: true,
    maxFreeSockets: MAX_IDLE_CONNECTIONS,
    timeout: IDLE_MS,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
  };
  const agent = protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
  return withMaxAge(agent);
}

function withMaxAge(agent: http.Agent): http.Agent {
  const births = new WeakMap<Duplex, number>();
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback);
    if (socket) births.set(socket, performance.now());
    return socket;
  };
  // Before the agent's own listener, which keeps what can still be written to.
  agent.prependListener('free', (socket: Duplex) => {
    if (performance.now() - (births.get(socket) ?? 0) > MAX_AGE_MS) socket.destroy();
  });
  return agent;
}
