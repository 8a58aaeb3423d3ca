import { MAX_RANGE } from '../../../usecases/ports/chain-reader.ts';
import type { KnownToken } from './evm-transfers.ts';
import { adaptiveSize, type AdaptiveSize } from './nodes/adaptive-size.ts';
import { EndpointFault, isFault } from './nodes/endpoint-fault.ts';
import type { EndpointHeads } from './nodes/endpoint-heads.ts';
import type { JsonRpc } from './nodes/json-rpc.ts';
import { objectOf, quantityOf } from './nodes/rpc-values.ts';

/** keccak256('decimals()'), the first four bytes. */
const DECIMALS_CALL = '0x313ce567';

/** One node of an EVM network and what was learned of it. */
export interface EvmEndpoint {
  /** As messages name it, from 1: its address may hold a key. */
  readonly number: number;
  readonly rpc: JsonRpc;
  /** How many blocks it is asked for at once. */
  readonly span: AdaptiveSize;
  /** How many blocks one eth_getLogs may span. */
  readonly logSize: AdaptiveSize;
  areTokensVerified: boolean;
}

/** What every node of a network must answer with. */
export interface ExpectedOfEndpoint {
  readonly chainId: number;
  readonly tokens: ReadonlyMap<string, KnownToken>;
  readonly heads: EndpointHeads;
}

export const evmEndpoint = (number: number, rpc: JsonRpc, logChunk: number): EvmEndpoint => ({
  number,
  rpc,
  span: adaptiveSize(Number(MAX_RANGE)),
  logSize: adaptiveSize(logChunk),
  areTokensVerified: false,
});

/**
 * Whether the endpoint may be asked: MISFIT for one of another chain or without the tokens, LAGGING for one far behind.
 * Throws EndpointFault.
 */
export async function verifyEndpoint(
  endpoint: EvmEndpoint,
  { chainId, tokens, heads }: ExpectedOfEndpoint,
): Promise<void> {
  await verifyChainId(endpoint.rpc, chainId);
  if (!endpoint.areTokensVerified) await verifyTokens(endpoint.rpc, tokens);
  endpoint.areTokensVerified = true;
  heads.saw(endpoint.number, await headOf(endpoint.rpc));
}

/** Throws EndpointFault MISFIT for a node of another chain (EIP-155, EIP-695). */
async function verifyChainId(rpc: JsonRpc, chainId: number): Promise<void> {
  const answered = quantityOf(await rpc.call('eth_chainId', []), 'chain id');
  if (answered !== BigInt(chainId))
    throw new EndpointFault('MISFIT', `it is of chain ${answered}, not ${chainId}`);
}

/** Throws EndpointFault MISFIT when a contract is no token or counts in other units than configured. */
async function verifyTokens(rpc: JsonRpc, tokens: ReadonlyMap<string, KnownToken>): Promise<void> {
  for (const [contract, { asset, decimals }] of tokens) {
    const answered = await decimalsOf(rpc, contract);
    if (answered === null) throw new EndpointFault('MISFIT', `the contract of ${asset} is no token there`);
    if (answered !== BigInt(decimals)) {
      throw new EndpointFault('MISFIT', `the contract of ${asset} has ${answered} decimals, not ${decimals}`);
    }
  }
}

async function decimalsOf(rpc: JsonRpc, contract: string): Promise<bigint | null> {
  try {
    const answer = await rpc.call('eth_call', [{ to: contract, data: DECIMALS_CALL }, 'latest']);
    return typeof answer === 'string' && answer.length === 66 ? quantityOf(answer, 'decimals') : null;
  } catch (error) {
    if (isFault(error, 'REFUSED') && /revert|invalid opcode/i.test(error.message)) return null;
    throw error;
  }
}

export const headOf = async (rpc: JsonRpc): Promise<bigint> =>
  quantityOf(await rpc.call('eth_blockNumber', []), 'block number');

/** The highest block that the node calls final. Throws EndpointFault MISFIT when it does not know the tag. */
export async function finalizedOf(rpc: JsonRpc): Promise<bigint> {
  const answer = await rpc.call('eth_getBlockByNumber', ['finalized', false]).catch((error: unknown) => {
    if (isFault(error, 'ABSENT', 'REFUSED')) return null;
    throw error;
  });
  if (answer === null) {
    throw new EndpointFault(
      'MISFIT',
      'it knows no finalized block; let confirmations decide (finality) or name another node',
    );
  }
  return quantityOf(objectOf(answer, 'block')['number'], 'block number');
}

/** A block may be missing above the head only; below it the node is still catching up, or several nodes disagree. */
export async function absent(
  { number, rpc }: EvmEndpoint,
  heads: EndpointHeads,
  height: bigint,
): Promise<null> {
  const head = await headOf(rpc);
  if (height <= head)
    throw new EndpointFault('CONTRADICTION', `it has no block ${height} below its head ${head}`);
  const elsewhere = heads.elsewhere(number);
  if (elsewhere !== null && height <= elsewhere) {
    throw new EndpointFault('LAGGING', `at ${head}, and another has block ${height}`);
  }
  return null;
}
