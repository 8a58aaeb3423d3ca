import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** The code of errors from before the connection stood: nothing can have been sent. */
export const NOT_CONNECTED = 'NOT_CONNECTED';

/**
 * A keep-alive agent that tells failures before the connection stands (name not found, refused, time-out,
 * certificate) from those after it. grammY's HTTP client passes on nothing of a network error but its text and
 * code, so the difference travels in the code.
 */
export function watchedAgent(url: string, connectTimeoutMilliseconds: number): http.Agent {
  const agent = url.startsWith('https:')
    ? new https.Agent({ keepAlive: true })
    : new http.Agent({ keepAlive: true });
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback);
    if (socket) watch(socket, connectTimeoutMilliseconds);
    return socket;
  };
  return agent;
}

function watch(socket: Duplex, timeoutMilliseconds: number): void {
  const timer = setTimeout(() => socket.destroy(new Error('connecting took too long')), timeoutMilliseconds);
  const markError = (error: Error) => Object.assign(error, { code: NOT_CONNECTED });
  const settle = () => {
    clearTimeout(timer);
    socket.off('error', markError);
  };
  socket.once('error', markError);
  socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', settle);
  socket.once('close', settle);
}
