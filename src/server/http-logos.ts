import type { IncomingMessage, ServerResponse } from 'node:http';
import { LOGO_PATH } from '../domain/project/logo.ts';
import type { LogoStore } from '../usecases/ports/logo-store.ts';
import type { ProjectLogoUpload } from '../usecases/logo/project-logo-upload.ts';
import type { Refusal } from '../usecases/result.ts';
import { BodyTooLarge, readBytes } from './http-body.ts';
import { clientOf, type CallerDeps } from './http-callers.ts';
import { refuse } from './http-graphql.ts';
import { setCorsHeaders } from './http-headers.ts';
import type { Route } from './http.ts';

export interface LogoUploadDeps extends Pick<CallerDeps, 'clientIpOf' | 'describeDevice' | 'origins'> {
  readonly projectLogoUpload: ProjectLogoUpload;
  readonly publicUrl: string;
}

/** Bytes of an uploaded file. */
const MAX_FILE = 1024 * 1024;

const STATUS: Readonly<Partial<Record<Refusal['code'], number>>> = {
  INVALID_TOKEN: 403,
  INVALID_INPUT: 415,
  RATE_LIMITED: 429,
};

/** PUT /uploads/logo?token=…: the file itself is the body. The token is the only credential; no cookie counts here. */
export const createLogoUploadRoute =
  (deps: LogoUploadDeps): Route =>
  async (request, response) => {
    setCorsHeaders(request, response, deps.origins);
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', 'PUT');
      response.writeHead(204).end();
      return;
    }
    if (request.method !== 'PUT') {
      response.setHeader('allow', 'PUT');
      refuse(request, response, { status: 405, code: 'BAD_REQUEST', message: 'Send the file by PUT.' });
      return;
    }
    try {
      await takeLogo(deps, request, response);
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      const message = `A logo has at most ${MAX_FILE} bytes.`;
      refuse(request, response, { status: 413, code: 'BODY_TOO_LARGE', message });
    }
  };

async function takeLogo(
  deps: LogoUploadDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token') ?? '';
  const taken = await deps.projectLogoUpload({
    token,
    client: clientOf(request, deps),
    file: () => readBytes(request, MAX_FILE),
  });
  if (!taken.ok) {
    const { code, message, retryAfterSeconds } = taken.refusal;
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
    refuse(request, response, { status: STATUS[code] ?? 400, code, message });
    return;
  }
  const logoUrl = `${deps.publicUrl}${LOGO_PATH}${taken.value.logoId}`;
  response.writeHead(201, { 'content-type': 'application/json; charset=utf-8', location: logoUrl });
  response.end(JSON.stringify({ logoUrl }));
}

const LOGO_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** GET /logos/<id>: a logo for all to see. Its bytes never change; another picture has another id. */
export const createLogoRoute =
  ({ logos }: { readonly logos: Pick<LogoStore, 'imageOf'> }): Route =>
  async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const id = (request.url ?? '').split('?', 1)[0]?.slice(LOGO_PATH.length) ?? '';
    const image = LOGO_ID.test(id) ? await logos.imageOf(id) : null;
    if (!image) {
      refuse(request, response, { status: 404, code: 'NOT_FOUND', message: 'There is no such logo.' });
      return;
    }
    response.writeHead(200, {
      'content-type': 'image/png',
      'content-length': image.byteLength,
      // A picture that is opened by itself is no page: nothing runs, loads or nests (RULES 19).
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'inline; filename="logo.png"',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    response.end(request.method === 'HEAD' ? undefined : image);
  };
