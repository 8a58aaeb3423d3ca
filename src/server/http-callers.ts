import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor, Client } from '../domain/access/actor.ts';
import type { Authenticate, Credentials, RequestFacts } from '../graphql/core/context.ts';
import type { Logger } from '../usecases/ports/logger.ts';
import type { TurnedAway } from '../usecases/session/recognise-api-key.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import type { ClientIpOf } from './http-client.ts';
import { ACTIVITY_HEADER, CSRF_HEADER, readCredentials, sessionCookie } from './http-credentials.ts';
import type { OriginPolicy } from './http-headers.ts';
import type { LiveConnections } from './live-connections.ts';

export interface CallerDeps {
  readonly authenticate: Authenticate;
  /** The actor as of now, null when its session or key has ended. Unlike signing in it is no activity (RULES 13). */
  readonly currentActor: (actor: Actor) => Promise<Actor | null>;
  readonly clientIpOf: ClientIpOf;
  /** A user agent in words. */
  readonly describeDevice: (userAgent: string) => string;
  readonly origins: OriginPolicy;
  /** Open sockets and event streams, which close when their caller's rights are gone. */
  readonly live: Pick<LiveConnections, 'mark' | 'open'>;
  /** How many of them each caller has, and may have. */
  readonly connections: ConnectionCounts;
  /** The log with a request id bound. */
  readonly logFor: (requestId: string) => Logger;
  /** Whether the public address is https: cookies are Secure then. */
  readonly secureCookies: boolean;
}

const userAgentOf = (request: IncomingMessage): string => (request.headers['user-agent'] ?? '').slice(0, 256);

/** A cookie counts only with the CSRF header, and from no foreign page (QUALITY, security 9). */
const cookieAllowedOverHttp = ({ headers }: IncomingMessage, origins: OriginPolicy): boolean =>
  headers[CSRF_HEADER] !== undefined && (headers.origin === undefined || origins.allows(headers.origin));

/** Who sends an HTTP request; 'invalid' when its credentials name nobody, or why they open nothing. */
export async function callerOfRequest(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  deps: CallerDeps,
): Promise<RequestFacts | 'invalid' | TurnedAway> {
  const { secureCookies, origins } = deps;
  const cookieAllowed = cookieAllowedOverHttp(request, origins);
  const credentials = readCredentials(request.headers, { cookieAllowed, secureCookies });
  const setSessionCookie = (token: string | null) =>
    void response.setHeader('set-cookie', sessionCookie(token, secureCookies));
  const client = clientOf(request, deps);
  const actor = await actorOf(credentials, client, deps);
  // A page with a dead session could not even sign in again: the cookie goes with the refusal.
  if (!isActor(actor) && credentials !== 'invalid' && credentials.cookie) setSessionCookie(null);
  if (!isActor(actor)) return actor;
  const declaredActivity = request.headers[ACTIVITY_HEADER] === 'user';
  return { ...factsOf({ actor, client, requestId }, request, deps), declaredActivity, setSessionCookie };
}

/** Who the credentials of a request or socket name. */
export const actorOf = async (
  credentials: Credentials | 'invalid',
  client: Client,
  { authenticate }: Pick<CallerDeps, 'authenticate'>,
): Promise<Actor | 'invalid' | TurnedAway> =>
  credentials === 'invalid' ? 'invalid' : authenticate(credentials, client);

/** Whether credentials named somebody who may come in. */
export const isActor = (found: Actor | 'invalid' | TurnedAway): found is Actor =>
  found !== 'invalid' && 'type' in found;

/** Where a request comes from. The user agent is put into words when somebody asks: reads never do. */
export function clientOf(
  request: IncomingMessage,
  { clientIpOf, describeDevice }: Pick<CallerDeps, 'clientIpOf' | 'describeDevice'>,
): Client {
  const userAgent = userAgentOf(request);
  let device: string | undefined;
  return {
    ip: clientIpOf(request),
    get device() {
      return (device ??= describeDevice(userAgent));
    },
  };
}

export function factsOf(
  caller: Pick<RequestFacts, 'actor' | 'client' | 'requestId'>,
  request: IncomingMessage,
  deps: Pick<CallerDeps, 'logFor' | 'currentActor'>,
): RequestFacts {
  const { actor, client, requestId } = caller;
  return {
    actor,
    requestId,
    client,
    userAgent: userAgentOf(request),
    log: deps.logFor(requestId),
    currentActor: () => deps.currentActor(actor),
    refuseConnection: () => undefined,
  };
}

export const newRequestId = (): string => randomUUID();
