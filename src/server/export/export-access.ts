import type { IncomingMessage } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Actor } from '../../domain/access/actor.ts';
import { exportAt, readExportRequest, type ExportRequest } from './export-request.ts';
import { refusalOf, type ExportReads, type OpenExport } from './export-list.ts';

export interface ExportAccess {
  readonly schema: GraphQLSchema;
  readonly reads: ExportReads;
}

/** How a request is refused before it is answered. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface Wanted {
  readonly asked: ExportRequest;
  readonly open: OpenExport;
}

/** What the caller asks for, if it is there for the caller to see. */
export async function wantedBy(
  { reads, schema }: ExportAccess,
  request: IncomingMessage,
  actor: Actor,
): Promise<Wanted | Refused> {
  const barred = barredFrom(actor);
  if (barred) return barred;
  const url = new URL(request.url ?? '/', 'http://localhost');
  const at = exportAt(url.pathname);
  if (!at) return { status: 404, code: 'NOT_FOUND', message: 'There is no such list to export.' };
  try {
    const asked = readExportRequest(at, url.searchParams);
    const { list, columns, filter, named } = asked;
    return { asked, open: await list.open({ schema, reads, actor, named, filter, columns }) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    const { isForbidden, message } = refusal;
    return isForbidden
      ? { status: 403, code: 'FORBIDDEN', message }
      : { status: 400, code: 'INVALID_INPUT', message };
  }
}

/** As the API answers those who may not ask for any list. */
function barredFrom({ type }: Actor): Refused | null {
  if (type === 'ANONYMOUS')
    return { status: 401, code: 'UNAUTHENTICATED', message: 'Sign in or send an API key.' };
  if (type === 'LOCKED')
    return { status: 401, code: 'SESSION_LOCKED', message: 'The session is locked: open it with the PIN.' };
  return null;
}
