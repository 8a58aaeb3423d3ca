import type { Address, Hex } from 'viem';
import { concatHex, getAddress, numberToHex, pad } from 'viem/utils';
import { tokenDecimals, type NetworkAsset } from '../../../../domain/chain/networks.ts';
import { currencyOf } from '../../../../domain/money/currencies.ts';
import type { SpendTransfer } from '../../../../usecases/ports/chain-spender.ts';

/** What a transaction does that moves an asset. */
export interface TransferCall {
  readonly to: Address;
  /** In wei. */
  readonly value: bigint;
  readonly data: Hex;
}

/** An asset as the chain counts it. */
export interface ChainAsset {
  readonly asset: string;
  /** EIP-55; null for the network's own coin. */
  readonly contract: Address | null;
  /** From the currency's smallest unit to the chain's. Throws RangeError for what the chain cannot count. */
  toChain(amount: bigint): bigint;
  /** From the chain's unit to the currency's smallest one, rounded down. */
  fromChain(value: bigint): bigint;
}

/** EIP-20: the first four bytes of keccak256('transfer(address,uint256)') and of keccak256('balanceOf(address)'). */
const TRANSFER = '0xa9059cbb';
const BALANCE_OF = '0x70a08231';
const WORD = 32;

export const chainAssets = (assets: readonly NetworkAsset[]): ReadonlyMap<string, ChainAsset> =>
  new Map(assets.map((row) => [row.asset, chainAsset(row)]));

function chainAsset(row: NetworkAsset): ChainAsset {
  const { asset } = row;
  const contract = row.contract === null ? null : getAddress(row.contract);
  const digits = tokenDecimals(row) - currencyOf(asset).exponent;
  const factor = 10n ** BigInt(Math.abs(digits));
  if (digits >= 0)
    return {
      asset,
      contract,
      toChain: (amount) => amount * factor,
      fromChain: (value) => value / factor,
    };
  return {
    asset,
    contract,
    toChain(amount) {
      if (amount % factor !== 0n) throw new RangeError(`the token ${asset} cannot count ${amount}`);
      return amount / factor;
    },
    fromChain: (value) => value * factor,
  };
}

/** The network's own coin: wei everywhere, also where it is no currency of the gateway and only pays for transfers. */
export const nativeCoin = (coin: string): ChainAsset => ({
  asset: coin,
  contract: null,
  toChain: (amount) => amount,
  fromChain: (value) => value,
});

/** The call that carries a transfer out. */
export function transferCall({ contract, toChain }: ChainAsset, { to, amount }: SpendTransfer): TransferCall {
  const receiver = getAddress(to);
  const value = toChain(amount);
  if (contract === null) return { to: receiver, value, data: '0x' };
  const data = concatHex([TRANSFER, pad(receiver, { size: WORD }), numberToHex(value, { size: WORD })]);
  return { to: contract, value: 0n, data };
}

export const balanceCall = (address: string): Hex =>
  concatHex([BALANCE_OF, pad(getAddress(address), { size: WORD })]);
