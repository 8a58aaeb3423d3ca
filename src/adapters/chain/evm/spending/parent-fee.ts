import { concatHex, numberToHex, size } from 'viem/utils';
import type { JsonRpc } from '../nodes/json-rpc.ts';
import { quantityOf } from '../nodes/rpc-values.ts';
import type { SpendingNetwork } from './spending-network.ts';
import type { TransferCall } from './transfer-call.ts';

/** Where chains of the OP Stack tell what their parent chain asks for a transaction (GasPriceOracle, since Fjord). */
const ORACLE = '0x420000000000000000000000000000000000000F';
/** The first four bytes of keccak256('getL1FeeUpperBound(uint256)'). */
const UPPER_BOUND = '0xf1c7a58b';
/** An EIP-1559 transaction without its data and signature is never longer, in bytes. */
const LONGEST_WITHOUT_DATA = 72;

/**
 * What a chain asks for its parent chain beside the gas, at most, in wei: twice what it would be now, for the price may rise
 * until a block takes the transaction. 0 where the gas pays for all. Throws EndpointFault.
 */
export async function parentFeeOf(
  rpc: JsonRpc,
  { hasParentFee }: Pick<SpendingNetwork, 'hasParentFee'>,
  { data }: TransferCall,
): Promise<bigint> {
  if (!hasParentFee) return 0n;
  const asked = concatHex([UPPER_BOUND, numberToHex(LONGEST_WITHOUT_DATA + size(data), { size: 32 })]);
  return (
    2n *
    quantityOf(await rpc.call('eth_call', [{ to: ORACLE, data: asked }, 'latest']), 'fee of the parent chain')
  );
}
