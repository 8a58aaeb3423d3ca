import type { IncomingMessage } from 'node:http';
import { CloseCode } from 'graphql-ws';
import type { Context } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { ANONYMOUS, type Actor, type Client } from '../domain/access/actor.ts';
import type { Credentials, RequestFacts } from '../graphql/core/context.ts';
import { actorOf, factsOf, isActor, newRequestId } from './http-callers.ts';
import type { CallerDeps } from './http-callers.ts';
import { readAuthorization, readCredentials } from './http-credentials.ts';

/** What is kept with a connection. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly client: Client;
  /** Set by connection_init. */
  actor?: Actor;
}

export type Params = Record<string, unknown>;
export type SocketContext = Context<Params, SocketExtra>;

/** As HTTP says it with 429. The protocol has one use of its own for it, which is no less final. */
const TOO_MANY = CloseCode.TooManyInitialisationRequests;

/**
 * connection_init's `authorization` first, then the upgrade request's headers. A browser cannot add the CSRF header
 * to a socket; its Origin, checked before the upgrade, stands for it, so a cookie without an Origin does not count.
 */
function credentialsOf(
  { connectionParams, extra }: SocketContext,
  { secureCookies }: Pick<CallerDeps, 'secureCookies'>,
): Credentials | 'invalid' {
  const given = connectionParams?.['authorization'];
  if (given === undefined || given === null) {
    const { headers } = extra.request;
    return readCredentials(headers, { cookieAllowed: headers.origin !== undefined, secureCookies });
  }
  const bearer = typeof given === 'string' ? readAuthorization(given) : null;
  return bearer === null ? 'invalid' : { bearer };
}

/** Each operation has a request id of its own. Rights that are gone close the whole connection. */
export function socketFacts({ extra }: SocketContext, deps: CallerDeps): RequestFacts {
  const { actor = ANONYMOUS, client, request } = extra;
  return {
    ...factsOf({ actor, client, requestId: newRequestId() }, request, deps),
    refuseConnection: () => extra.socket.close(CloseCode.Forbidden, 'Forbidden'),
  };
}

/**
 * Who opens the socket; false closes it with 4403, one too many is closed with 4429. A locked session opens none: it is unlocked over HTTP. From here on
 * the socket is watched, and closed as soon as rights are gone.
 */
export async function connect(context: SocketContext, deps: CallerDeps): Promise<boolean> {
  const { extra } = context;
  const mark = deps.live.mark();
  const actor = await actorOf(credentialsOf(context, deps), extra.client, deps);
  if (!isActor(actor) || actor.type === 'LOCKED') return false;
  extra.actor = actor;
  const { socket } = extra;
  if (socket.readyState !== socket.OPEN) return false;
  const release = deps.connections.openFor(actor);
  if (!release) {
    socket.close(TOO_MANY, 'Too many connections');
    return false;
  }
  socket.once('close', release);
  socket.once(
    'close',
    deps.live.open(actor, mark, () => socket.close(CloseCode.Forbidden, 'Forbidden')),
  );
  return true;
}

/** An open socket opens nothing for long: its session or key is asked for again before every operation. */
export async function refreshActor({ extra }: SocketContext, deps: CallerDeps): Promise<boolean> {
  const actor = await deps.currentActor(extra.actor ?? ANONYMOUS);
  if (actor && actor.type !== 'LOCKED') {
    extra.actor = actor;
    return true;
  }
  extra.socket.close(CloseCode.Forbidden, 'Forbidden');
  return false;
}
