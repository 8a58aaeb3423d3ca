import { HotWalletShort, TransferRefused } from '../../../../usecases/ports/chain-spender.ts';
import { hex } from '../chain-block.ts';
import { isFault } from '../nodes/endpoint-fault.ts';
import type { JsonRpc } from '../nodes/json-rpc.ts';
import { quantityOf } from '../nodes/rpc-values.ts';
import { balanceCall, type ChainAsset, type TransferCall } from './transfer-call.ts';

/** What a transfer of the coin to an account without code takes. */
const PLAIN_GAS = 21_000n;

/** The nonce of the account's next transaction, as the last block says, or the one of a height. */
export const nextNonceOf = async (rpc: JsonRpc, address: string, height?: bigint): Promise<bigint> =>
  quantityOf(
    await rpc.call('eth_getTransactionCount', [address, height === undefined ? 'latest' : hex(height)]),
    'nonce',
  );

/** In wei, as the last block says. */
export const coinsOf = async (rpc: JsonRpc, address: string): Promise<bigint> =>
  quantityOf(await rpc.call('eth_getBalance', [address, 'latest']), 'balance');

/** In the chain's unit, as the last block says. */
export async function balanceOf(rpc: JsonRpc, { contract }: ChainAsset, address: string): Promise<bigint> {
  if (contract === null) return await coinsOf(rpc, address);
  return quantityOf(
    await rpc.call('eth_call', [{ to: contract, data: balanceCall(address) }, 'latest']),
    'balance of a token',
  );
}

/** In the chain's unit; `coins` in wei, and the same as `asset` where the asset is the coin. */
export interface Funds {
  readonly asset: bigint;
  readonly coins: bigint;
}

export async function fundsOf(rpc: JsonRpc, asset: ChainAsset, address: string): Promise<Funds> {
  const coins = await coinsOf(rpc, address);
  return { coins, asset: asset.contract === null ? coins : await balanceOf(rpc, asset, address) };
}

/** Throws HotWalletShort where there is less of the asset, or of the coin that pays for it, than leaves the account. */
export function checkFunds(
  there: Funds,
  leaves: Funds,
  { asset, coin }: { readonly asset: string; readonly coin: string },
): void {
  if (there.asset < leaves.asset) throw new HotWalletShort(asset, `the account has too little ${asset}`);
  if (there.coins < leaves.coins) throw new HotWalletShort(coin, `the account has too little ${coin}`);
}

/** What geth, Erigon, Nethermind, Besu, Reth and anvil say of a call that fails, or takes more gas than it may. */
const FAILS =
  /revert|invalid opcode|vm execution error|out ?of ?gas|exceeds allowance|gas limit|intrinsic gas|always fail/i;
/** Words of a node that had no time, or is behind. */
const COULD_NOT_SAY = /time|abort|insufficient/i;

/**
 * The gas to allow for a call, a quarter above what it takes now. Throws EndpointFault, and TransferRefused where the node
 * refuses the call: NOW when it is the call that fails or takes more gas than `most`, else DOUBTED.
 *
 * @param most bounds what the node tries as well: code that burns all gas must not keep it busy; null for no bound
 */
export async function gasOf(
  rpc: JsonRpc,
  from: string,
  { to, value, data }: TransferCall,
  most: bigint | null,
): Promise<bigint> {
  const call = {
    from,
    to,
    value: hex(value),
    ...(data === '0x' ? {} : { data }),
    ...(most === null ? {} : { gas: hex(most) }),
  };
  const gas = await estimated(rpc, call);
  if (most !== null && gas > most)
    throw new TransferRefused(`it takes ${gas} of gas, more than the ${most} that are allowed`, 'NOW');
  return gas === PLAIN_GAS ? gas : gas + gas / 4n;
}

async function estimated(rpc: JsonRpc, call: Readonly<Record<string, string>>): Promise<bigint> {
  try {
    return quantityOf(await rpc.call('eth_estimateGas', [call]), 'gas');
  } catch (error) {
    if (!isFault(error, 'REFUSED')) throw error;
    const { message } = error;
    throw new TransferRefused(
      message,
      FAILS.test(message) && !COULD_NOT_SAY.test(message) ? 'NOW' : 'DOUBTED',
    );
  }
}
