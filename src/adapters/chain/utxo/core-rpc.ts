import { z } from 'zod';
import type { CoreHttp } from './core-http.ts';
import { parseExact } from './exact-json.ts';
import { NodeFailure, wordsOf } from './node-failure.ts';

/** One call of a JSON-RPC method with its positional parameters. */
export type Call = readonly [method: string, ...params: readonly (string | number | boolean)[]];

/** The node's refusal of one call (Bitcoin Core, rpc/protocol.h). */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

export type Answer = { readonly result: unknown } | { readonly refusal: Refusal };

export interface CoreRpc {
  /** The results of some calls, in their order. Throws NodeFailure when the node gives none. */
  askAll(calls: readonly Call[]): Promise<readonly Answer[]>;
  /** The result of one call. Throws NodeFailure also when the node refuses it or answers in another shape. */
  ask<T>(shape: z.ZodType<T>, ...call: Call): Promise<T>;
}

const answers = z.array(
  z.object({
    id: z.int(),
    result: z.unknown(),
    error: z.object({ code: z.int(), message: z.string() }).nullish(),
  }),
);

/** Calls in one request: small enough that no answer grows large and no node is kept long. */
export const BATCH = 50;

/** JSON-RPC as Bitcoin Core and Litecoin Core speak it; several calls go as batches of bounded size. */
export function createCoreRpc(http: CoreHttp): CoreRpc {
  const request = async (calls: readonly Call[]): Promise<readonly Answer[]> => {
    const bodies = calls.map(([method, ...params], id) => ({ jsonrpc: '1.0', id, method, params }));
    // Some proxies take no batches, so a single call is none.
    const body = JSON.stringify(bodies.length === 1 ? bodies[0] : bodies);
    const parsed = parsedAnswer(await http.post(body));
    const read = shaped(answers, Array.isArray(parsed) ? parsed : [parsed], 'the answer');
    return calls.map((_, id) => answerOf(read.find((each) => each.id === id)));
  };
  const askAll = async (calls: readonly Call[]): Promise<readonly Answer[]> => {
    const all: Answer[] = [];
    for (let from = 0; from < calls.length; from += BATCH) {
      all.push(...(await request(calls.slice(from, from + BATCH))));
    }
    return all;
  };
  return {
    askAll,
    async ask(shape, ...call) {
      const [answer] = await request([call]);
      if (!answer) throw new NodeFailure('no answer');
      return resultOf(shape, answer, call[0]);
    },
  };
}

/** What an answer holds. Throws NodeFailure for a refusal and for another shape. */
export function resultOf<T>(shape: z.ZodType<T>, answer: Answer, method: string): T {
  if ('refusal' in answer) throw refused(method, answer.refusal);
  return shaped(shape, answer.result, method);
}

export const refused = (method: string, { code, message }: Refusal): NodeFailure =>
  new NodeFailure(`${method}: ${wordsOf(message)} (${code})`);

function answerOf(read: z.infer<typeof answers>[number] | undefined): Answer {
  if (!read) throw new NodeFailure('the node left a call without an answer');
  return read.error ? { refusal: read.error } : { result: read.result };
}

function parsedAnswer(text: string): unknown {
  try {
    return parseExact(text);
  } catch (error) {
    // The parser's own message quotes the text, which may be anything.
    const reason =
      error instanceof SyntaxError && error.message.startsWith('an amount') ? error.message : 'no JSON';
    throw new NodeFailure(`the answer cannot be read: ${reason}`);
  }
}

function shaped<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const place = read.error.issues[0]?.path.join('.') ?? '';
  throw new NodeFailure(`${what} has another shape than a node gives${place === '' ? '' : ` (${place})`}`);
}
