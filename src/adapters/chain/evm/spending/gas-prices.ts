import { SigningPaused } from '../../../../usecases/ports/chain-spender.ts';
import { isFault } from '../nodes/endpoint-fault.ts';
import type { JsonRpc } from '../nodes/json-rpc.ts';
import { listOf, objectOf, quantityOf, type RpcObject } from '../nodes/rpc-values.ts';

/** What a transaction pays a unit of gas, in wei (EIP-1559). */
export interface GasPrices {
  /** The most in all: of a base fee that doubled, and the tip. */
  readonly most: bigint;
  /** Of it, to the block's maker. */
  readonly tip: bigint;
  /** What would be enough for the next block. */
  readonly enough: bigint;
}

const BLOCKS_LOOKED_AT = '0x5';
const MEDIAN = 50;

/**
 * What gas costs now. Throws EndpointFault, and SigningPaused when the next block takes nothing at `limit` (wei a unit of
 * gas): what is signed below the chain's price would stand in the way of all that come after it.
 */
export async function gasPrices(rpc: JsonRpc, limit: bigint): Promise<GasPrices> {
  const prices = await pricesWithin(rpc, limit);
  if (prices.enough > limit)
    throw new SigningPaused(
      'GAS_TOO_DEAR',
      `a unit of gas costs ${prices.enough} wei, more than the ${limit} that are allowed`,
    );
  return prices;
}

/** The same, `most` at `limit` where the chain asks for more. Throws EndpointFault. */
export async function pricesWithin(rpc: JsonRpc, limit: bigint): Promise<GasPrices> {
  const history = objectOf(await rpc.call('eth_feeHistory', [BLOCKS_LOOKED_AT, 'latest', [MEDIAN]]), 'fees');
  // One more than blocks were asked for: the next block's.
  const base = quantityOf(listOf(history['baseFeePerGas'], 'list of base fees').at(-1), 'base fee');
  const tip = await tipOf(rpc, history);
  const most = 2n * base + tip;
  return { most: most > limit ? limit : most, tip, enough: base + tip };
}

/** The node's own advice knows the least that its network takes; where there is none, what others paid. */
async function tipOf(rpc: JsonRpc, history: RpcObject): Promise<bigint> {
  try {
    return quantityOf(await rpc.call('eth_maxPriorityFeePerGas', []), 'tip');
  } catch (error) {
    if (!isFault(error, 'REFUSED')) throw error;
  }
  const paid = listOf(history['reward'], 'list of tips').map((of) =>
    quantityOf(listOf(of, 'tips of a block')[0], 'tip'),
  );
  return paid.toSorted((a, b) => (a < b ? -1 : 1))[paid.length >> 1] ?? 0n;
}

/** Nodes take a transaction in the place of another one from 10 % more on, some from 12.5 %; of both prices. */
export const dearer = (price: bigint): bigint => price + (price + 7n) / 8n + 1n;
