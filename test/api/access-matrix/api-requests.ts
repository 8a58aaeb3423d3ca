import type { Pool } from 'pg';
import { insertSession } from '../../testkit/people.ts';
import type { ApiCaller } from './callers.ts';
import type { Answer } from './verdict.ts';
import type { Expected, Request } from './walker.ts';

/** A stream that should have been refused is given up then, and taken for open. */
const PATIENCE_MS = 5_000;

/** Sends the requests of the matrix to a gateway. */
export const sendTo =
  (url: string, pool: Pool) =>
  async (caller: ApiCaller, request: Request, expected: Expected): Promise<Answer> => {
    const token = request.endsSession ? await tokenToLose(pool, caller) : caller.token;
    const stop = new AbortController();
    const post = (document: string, variables: object, accept: string) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept,
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query: document, variables }),
        signal: stop.signal,
      });
    if (request.operation !== 'subscription') {
      const response = await post(request.document, request.variables, 'application/json');
      return (await response.json()) as Answer;
    }
    const stream = refusalIn(await post(request.document, request.variables, 'text/event-stream'));
    // One that is to stay open has had the time of another request to be refused; the rest must say so and end.
    const other =
      expected === 'LET_THROUGH'
        ? post('{ __typename }', {}, 'application/json').then((response) => response.json())
        : new Promise((resolve) => void setTimeout(resolve, PATIENCE_MS).unref());
    const answer = await Promise.race([stream, other.then((): Answer => OPEN)]);
    stop.abort();
    return answer;
  };

const OPEN: Answer = { data: { open: true } };

/** The errors that a stream begins and ends with; the answer of an open one when it gives an event. */
async function refusalIn(response: Response): Promise<Answer> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const [, data] = /^data: (.+)$/m.exec(text) ?? [];
      if (data !== undefined) return JSON.parse(data) as Answer;
    }
  } catch {
    // Given up from this side.
  }
  return OPEN;
}

/** The token of another session of the caller, as idle as the one it has. */
async function tokenToLose(pool: Pool, { actor, token }: ApiCaller): Promise<string | null> {
  if (!('sessionId' in actor)) return token;
  const { rows } = await pool.query<{ active_at: Date }>('SELECT active_at FROM session WHERE id = $1', [
    actor.sessionId,
  ]);
  const [session] = rows;
  return session ? (await insertSession(pool, actor.userId, { at: session.active_at })).token : token;
}
