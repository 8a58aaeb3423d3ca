import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../domain/access/actor.ts';
import type { Authenticate, Credentials, RequestFacts } from '../graphql/core/context.ts';
import type { Logger } from '../usecases/ports/logger.ts';
import type { ClientIpOf } from './http-client.ts';
import { CSRF_HEADER, readCredentials, sessionCookie } from './http-credentials.ts';
import type { OriginPolicy } from './http-headers.ts';

export interface CallerDeps {
  readonly authenticate: Authenticate;
  /** The actor as of now, null when its session or key has ended. Unlike signing in it is no activity (RULES 13). */
  readonly currentActor: (actor: Actor) => Promise<Actor | null>;
  readonly clientIpOf: ClientIpOf;
  readonly origins: OriginPolicy;
  /** The log with a request id bound. */
  readonly logFor: (requestId: string) => Logger;
  /** Whether the public address is https: cookies are Secure then. */
  readonly secureCookies: boolean;
}

const userAgentOf = (request: IncomingMessage): string => (request.headers['user-agent'] ?? '').slice(0, 256);

/** A cookie counts only with the CSRF header, and from no foreign page (QUALITY, security 9). */
const cookieAllowedOverHttp = ({ headers }: IncomingMessage, origins: OriginPolicy): boolean =>
  headers[CSRF_HEADER] !== undefined && (headers.origin === undefined || origins.allows(headers.origin));

/** Who sends an HTTP request; 'invalid' when its credentials name nobody. */
export async function callerOfRequest(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  deps: CallerDeps,
): Promise<RequestFacts | 'invalid'> {
  const credentials = readCredentials(request.headers, cookieAllowedOverHttp(request, deps.origins));
  const setSessionCookie = (token: string | null) =>
    void response.setHeader('set-cookie', sessionCookie(token, deps.secureCookies));
  const actor = await actorOf(credentials, deps);
  // A page with a dead session could not even sign in again: the cookie goes with the refusal.
  if (actor === 'invalid' && credentials !== 'invalid' && credentials.cookie) setSessionCookie(null);
  return actor === 'invalid' ? actor : { ...factsOf(actor, request, requestId, deps), setSessionCookie };
}

/** Who the credentials of a request or socket name. */
export const actorOf = async (
  credentials: Credentials | 'invalid',
  { authenticate }: Pick<CallerDeps, 'authenticate'>,
): Promise<Actor | 'invalid'> => (credentials === 'invalid' ? 'invalid' : authenticate(credentials));

export function factsOf(
  actor: Actor,
  request: IncomingMessage,
  requestId: string,
  deps: Pick<CallerDeps, 'clientIpOf' | 'logFor' | 'currentActor'>,
): RequestFacts {
  return {
    actor,
    requestId,
    clientIp: deps.clientIpOf(request),
    userAgent: userAgentOf(request),
    log: deps.logFor(requestId),
    currentActor: () => deps.currentActor(actor),
    refuseConnection: () => undefined,
  };
}

export const newRequestId = (): string => randomUUID();
