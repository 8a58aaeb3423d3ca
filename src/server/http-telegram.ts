import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Update, UpdateIntake } from '../bots/updates/update-intake.ts';
import { errorText } from '../bots/error-text.ts';
import type { Logger } from '../usecases/ports/logger.ts';
import type { Secrets } from '../usecases/ports/secrets.ts';
import { BodyTooLarge, readBody } from './http-body.ts';
import type { Route } from './http.ts';

export interface TelegramRouteDeps {
  readonly intake: UpdateIntake;
  /** The last part of the path, and what the header holds. */
  readonly pathSecret: string;
  readonly headerSecret: string;
  readonly secrets: Pick<Secrets, 'equal'>;
  readonly logger: Logger;
}

/** Bytes. A message has at most 4,096 characters; with what it answers and their marks it stays well below. */
const MAX_UPDATE = 256 * 1024;

/** What is needed to claim it; the rest is grammY's. */
const UpdateHead = z.looseObject({ update_id: z.int().nonnegative() });

const HEADER = 'x-telegram-bot-api-secret-token';

/**
 * POST /telegram/<bot>/<secret>: an update from Telegram (QUALITY, security 35). Answered as soon as it is claimed;
 * whoever does not know both secrets gets 404. Errors are logged here, because nobody else may log the path.
 */
export const createTelegramRoute =
  (deps: TelegramRouteDeps): Route =>
  async (request, response) => {
    if (!isTelegram(deps, request)) return end(response, 404);
    try {
      await take(deps, request, response);
    } catch (error) {
      deps.logger.error({ error: errorText(error) }, 'an update of Telegram could not be taken');
      // Telegram posts it again.
      end(response, error instanceof BodyTooLarge ? 413 : 500);
    }
  };

function isTelegram(
  { secrets, pathSecret, headerSecret }: TelegramRouteDeps,
  request: IncomingMessage,
): boolean {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const header = request.headers[HEADER];
  const pathFits = secrets.equal(path.slice(path.lastIndexOf('/') + 1), pathSecret);
  const headerFits = secrets.equal(typeof header === 'string' ? header : '', headerSecret);
  return request.method === 'POST' && pathFits && headerFits;
}

async function take(
  { intake }: TelegramRouteDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (intake.isFull()) return end(response, 503);
  const update = readUpdate(await readBody(request, MAX_UPDATE));
  // What is no update is answered all the same: Telegram would post it for ever.
  if (update) await intake.accept(update);
  end(response, 200);
}

function readUpdate(body: string): Update | null {
  try {
    const read = UpdateHead.safeParse(JSON.parse(body));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

function end(response: ServerResponse, status: number): void {
  // The rest of a body that nobody reads must not keep the connection.
  response.writeHead(status, status === 200 ? {} : { connection: 'close' }).end();
}
