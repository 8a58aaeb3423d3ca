import type { ServerResponse } from 'node:http';
import type { Actor } from '../../domain/access/actor.ts';
import { pathOfList } from '../../domain/export/lists.ts';
import type { RequestFacts } from '../../graphql/core/context.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import { callerOfRequest, type CallerDeps } from '../http-callers.ts';
import { refuse, refuseCaller, INVALID_CREDENTIALS } from '../http-graphql.ts';
import { setCorsHeaders } from '../http-headers.ts';
import type { Route } from '../http.ts';
import { wantedBy, type ExportAccess, type Refused, type Wanted } from './export-access.ts';
import { exportPages, ExportRevoked } from './export-pages.ts';
import { EXPORT_TEXT } from './export-text.ts';
import type { ExportTurns } from './export-turns.ts';
import { sendPages } from './send-pages.ts';

export const EXPORT_PATH = '/export/';

export interface ExportRouteDeps extends ExportAccess {
  readonly callers: CallerDeps;
  readonly turns: ExportTurns;
  readonly clock: Clock;
}

/** Milliseconds for which a reader may take nothing before the export is cut. */
const STALL_MS = 60_000;
/** Seconds after which to ask again where too many exports run. */
const RETRY_AFTER = '5';

/**
 * GET /export/<list>.csv or .jsonl: the rows of a list with the list's own filter and rights, streamed (FEATURES E4).
 * The credentials are those of the API.
 */
export const createExportRoute =
  (deps: ExportRouteDeps): Route =>
  async (request, response, requestId) => {
    const { callers } = deps;
    setCorsHeaders(request, response, callers.origins);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      refuse(request, response, { status: 405, code: 'BAD_REQUEST', message: 'Ask for an export by GET.' });
      return;
    }
    const mark = callers.live.mark();
    const facts = await callerOfRequest(request, response, requestId, callers);
    if (facts === 'invalid') {
      response.setHeader('www-authenticate', 'Bearer');
      refuse(request, response, INVALID_CREDENTIALS);
      return;
    }
    if ('code' in facts) {
      refuseCaller(request, response, facts);
      return;
    }
    const wanted = await wantedBy(deps, request, facts.actor);
    if ('status' in wanted) {
      refuse(request, response, wanted);
      return;
    }
    const turn = deps.turns.begin(accountOf(facts.actor));
    if (!turn) {
      response.setHeader('retry-after', RETRY_AFTER);
      refuse(request, response, TOO_MANY);
      return;
    }
    const lost = new AbortController();
    const release = callers.live.open(facts.actor, mark, () => lost.abort());
    try {
      await stream(deps, response, facts, wanted, AbortSignal.any([turn.cut, lost.signal]));
    } finally {
      release();
      turn.end();
    }
  };

/** Whose exports are counted together: a person's, or those of all keys of a merchant. */
const accountOf = (actor: Actor): string =>
  actor.type === 'API_KEY' ? actor.merchantId : 'userId' in actor ? actor.userId : '';

const TOO_MANY: Refused = {
  status: 429,
  code: 'LIMIT_EXCEEDED',
  message: 'Too many exports are running; ask again in a moment.',
};

async function stream(
  { clock }: ExportRouteDeps,
  response: ServerResponse,
  { actor, currentActor, log }: RequestFacts,
  { asked, open }: Wanted,
  cut: AbortSignal,
): Promise<void> {
  const { list, format, columns, byteOrderMark } = asked;
  const text = EXPORT_TEXT[format];
  const pages = exportPages({ open, text, currentActor });
  // Read before the answer begins, so that a fault is told as one.
  const first = await pages.next();
  if (response.closed) return;
  const day = clock.now().toISOString().slice(0, 10);
  const name = `paybell-${pathOfList(list.name)}-${open.mode.toLowerCase()}-${day}.${format}`;
  response.writeHead(200, {
    'content-type': text.contentType,
    'content-disposition': `attachment; filename="${name}"`,
    // What is opened by itself is no page: nothing runs, loads or nests.
    'content-security-policy': "default-src 'none'; sandbox",
  });
  const sent = await sendPages(response, following(text.start(columns, byteOrderMark), first, pages), {
    cut,
    stallMs: STALL_MS,
  }).catch((error: unknown) => {
    if (error instanceof ExportRevoked) return 'CUT' as const;
    throw error;
  });
  if (sent !== 'SENT') log.info({ list: list.name, sent, actor: actor.type }, 'export ended early');
}

async function* following(
  start: string,
  first: IteratorResult<string, unknown>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  try {
    yield start + (first.done ? '' : first.value);
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
