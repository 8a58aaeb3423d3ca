import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../graphql/core/context.ts';

/**
 * The name of the session cookie. Under https it has the prefix with which browsers take it from this very host over
 * https only (RFC 6265bis, 4.1.3.2): no neighbouring domain can plant a session.
 */
export const sessionCookieName = (secure: boolean): string =>
  secure ? '__Host-paybell_session' : 'paybell_session';
/** A page of another origin cannot send it without a preflight, so its presence proves ours (OWASP CSRF). */
export const CSRF_HEADER = 'x-paybell-csrf';
/** `user` says that a person stands behind this request; it keeps the session alive (RULES 13). */
export const ACTIVITY_HEADER = 'x-paybell-activity';

const MAX_SECRET_LENGTH = 256;

/** The secret of an Authorization header: Bearer, or Basic with the key as user name and no password (FEATURES B4). */
export function readAuthorization(header: string): string | null {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(header) ?? [];
  const secret =
    scheme.toLowerCase() === 'bearer' ? value : scheme.toLowerCase() === 'basic' ? userNameOf(value) : '';
  return secret.length > 0 && secret.length <= MAX_SECRET_LENGTH ? secret : null;
}

const userNameOf = (encoded: string): string => {
  const [name = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return rest.length === 1 && rest[0] === '' ? name : '';
};

/** The session cookie's value. */
export function readSessionCookie(header: string | undefined, secure: boolean): string | null {
  const cookie = sessionCookieName(secure);
  for (const pair of header?.split(';') ?? []) {
    const [name, value = ''] = pair.trim().split('=');
    if (name === cookie && value.length > 0 && value.length <= MAX_SECRET_LENGTH) return value;
  }
  return null;
}

/**
 * What a request shows. 'invalid' for an Authorization header that cannot be read: it must not pass as anonymous.
 * The cookie counts only where `cookieAllowed` says that the request was made by a page of ours.
 */
export function readCredentials(
  headers: IncomingHttpHeaders,
  { cookieAllowed, secureCookies }: { readonly cookieAllowed: boolean; readonly secureCookies: boolean },
): Credentials | 'invalid' {
  if (headers.authorization !== undefined) {
    const bearer = readAuthorization(headers.authorization);
    return bearer === null ? 'invalid' : { bearer };
  }
  const cookie = cookieAllowed ? readSessionCookie(headers.cookie, secureCookies) : null;
  return cookie === null ? {} : { cookie };
}

/** The Set-Cookie line of a session; null ends it. */
export function sessionCookie(token: string | null, secure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const name = sessionCookieName(secure);
  return token === null ? `${name}=; ${attributes}; Max-Age=0` : `${name}=${token}; ${attributes}`;
}
