import { EndpointFault, type FaultKind } from './endpoint-fault.ts';

/** The error object of a JSON-RPC answer, as far as it is one. */
export interface RpcError {
  readonly code: number | null;
  readonly text: string;
}

const LONGEST_TEXT = 300;

/** Providers answer 200 with these too. -32005 is left out: it stands for both limits (EIP-1474). */
const RATE_CODES: ReadonlySet<number | null> = new Set([429, -32_029, -32_090, -32_097]);
const RATE_TEXT =
  /rate.?limit|too many requests|requests? (count|rate|limit)|per second|compute units|throughput|quota|credits|capacity/i;
/** What geth, Erigon, Nethermind, Besu, Reth, Avalanche and anvil say of a block that they do not have (yet). */
const ABSENT_TEXT =
  /unknown block|(block|header)( for hash)? (is )?(not|could not be|cannot be) found|cannot be found|beyond (the )?(current )?(head|latest)|after last accepted|invalid block range params|missing trie node/i;
/** A call that its code took back: what follows are the code's own words, and it may say anything. */
const REVERTED_TEXT = /\breverted\b|vm execution error/i;
const REVERTED_CODE = 3;
const RUN_CODE: ReadonlySet<string> = new Set(['eth_call', 'eth_estimateGas']);
/**
 * What nodes and providers say of eth_getLogs over too much: by blocks (Alchemy, Ankr, Base, BlockPI, Chainstack,
 * Cloudflare, Infura, PublicNode, QuickNode, Tenderly), by results (Infura, LlamaRPC, Arbitrum, zkSync, Ethermint),
 * by size (Alchemy, 1RPC, Optimism) or by time (geth, Infura).
 */
const TOO_LARGE_TEXT = new RegExp(
  [
    'query returned more than|more than \\d+ (results|logs|blocks)|max(imum)? results',
    'block range|blocks? (range|limit)|range.{0,60}(large|limit|wide|exceed|max|allowed|supported|big)|max(imum)? range',
    'ranges? over|(exceed|limit).{0,60}(range|results|logs|blocks|limit|size|maximum)|at most [\\d,.]+ blocks',
    'number of requested blocks|too many (blocks|logs|results)|limited to (a )?[\\d,.]+',
    'response (size|too large)|(result|response|payload|body).{0,40}(too (large|big)|greater|exceed)|reduce',
    'timed? ?out|deadline exceeded|took too long',
  ].join('|'),
  'i',
);

/** Reads the error of an answer; null when there is none. */
export function rpcErrorOf(answer: unknown): RpcError | null {
  if (typeof answer !== 'object' || answer === null || !('error' in answer) || !answer.error) return null;
  const { error } = answer;
  if (typeof error !== 'object') return { code: null, text: typeof error === 'string' ? error : '' };
  const code = 'code' in error && typeof error.code === 'number' ? error.code : null;
  const message = 'message' in error ? String(error.message) : '';
  return { code, text: `${message} ${detailsOf(error)}`.trim() };
}

/** Some providers put the words that matter into `data`. */
function detailsOf(error: object): string {
  if (!('data' in error)) return '';
  const { data } = error;
  if (typeof data === 'string') return data.startsWith('0x') ? '' : data;
  return typeof data === 'object' && data !== null ? JSON.stringify(data) : '';
}

/** What a JSON-RPC error means. Only eth_getLogs can be asked for less; elsewhere a limit is one of the rate. */
export function refusal(method: string, { code, text }: RpcError, tell: (text: string) => string) {
  const words = tell(text).slice(0, LONGEST_TEXT);
  return new EndpointFault(
    kindOf(method, code, text),
    `${method}: ${words || 'refused'} (${code ?? 'no code'})`,
  );
}

function kindOf(method: string, code: number | null, text: string): FaultKind {
  if (RUN_CODE.has(method) && (code === REVERTED_CODE || REVERTED_TEXT.test(text))) return 'REFUSED';
  if (RATE_CODES.has(code) || RATE_TEXT.test(text)) return 'RATE_LIMITED';
  if (ABSENT_TEXT.test(text)) return 'ABSENT';
  if (method === 'eth_getLogs') {
    return code === -32_005 || TOO_LARGE_TEXT.test(text) ? 'TOO_LARGE' : 'REFUSED';
  }
  return code === -32_005 ? 'RATE_LIMITED' : 'REFUSED';
}
