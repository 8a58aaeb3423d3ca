import type { IncomingMessage, ServerResponse } from 'node:http';

/** Which pages may call the API with credentials. */
export interface OriginPolicy {
  /** Whether a browser's Origin is ours or listed. */
  allows(origin: string): boolean;
}

export function createOriginPolicy(publicUrl: string, allowedOrigins: readonly string[]): OriginPolicy {
  const allowed = new Set([new URL(publicUrl).origin, ...allowedOrigins]);
  return { allows: (origin) => allowed.has(origin) };
}

/** An API answers with data that no browser should render, frame, sniff or keep. */
const API_CSP = "default-src 'none'; frame-ancestors 'none'";
/** GraphiQL's page brings its script and style within itself. */
const GRAPHIQL_CSP = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
].join('; ');

export const wantsHtml = (request: IncomingMessage): boolean =>
  request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');

export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse, https: boolean): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-security-policy', wantsHtml(request) ? GRAPHIQL_CSP : API_CSP);
  if (https) response.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
}

/** Says which origin may read the answer. Others get no header, and their browsers keep it from the page. */
export function setCorsHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  origins: OriginPolicy,
): void {
  response.setHeader('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !origins.allows(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', 'x-request-id');
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, POST');
  response.setHeader(
    'access-control-allow-headers',
    'authorization, content-type, x-paybell-csrf, x-paybell-activity',
  );
  response.setHeader('access-control-max-age', '600');
}
