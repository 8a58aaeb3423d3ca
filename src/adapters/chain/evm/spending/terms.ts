import type { OnTheWay, SignedTransaction, SpendTransfer } from '../../../../usecases/ports/chain-spender.ts';
import type { JsonRpc } from '../nodes/json-rpc.ts';
import { checkFunds, coinsOf, fundsOf, gasOf } from './account-state.ts';
import { dearer, gasPrices, pricesWithin } from './gas-prices.ts';
import { parentFeeOf } from './parent-fee.ts';
import { termsOf, type TransactionTerms } from './raw-transaction.ts';
import type { SpendingNetwork } from './spending-network.ts';
import { transferCall, type TransferCall } from './transfer-call.ts';

const NOTHING_ON_THE_WAY: OnTheWay = { amounts: new Map(), fees: 0n, spends: 0 };

/**
 * Gas and price for a transfer. Throws EndpointFault; HotWalletShort when the account has too little, what is on the way
 * taken off; TransferRefused, also when it takes too much gas; SigningPaused when gas is dearer than allowed.
 */
export async function transferTerms(
  rpc: JsonRpc,
  spending: SpendingNetwork,
  from: string,
  transfer: SpendTransfer,
  { amounts, fees }: OnTheWay = NOTHING_ON_THE_WAY,
): Promise<TransactionTerms> {
  const { coin, maxFeePerGas, maxGas, assetOf } = spending;
  const asset = assetOf(transfer.asset);
  const call = transferCall(asset, transfer);
  const names = { asset: transfer.asset, coin };
  const leaving = {
    asset: asset.toChain(transfer.amount + (amounts.get(transfer.asset) ?? 0n)),
    coins: call.value + (amounts.get(coin) ?? 0n) + fees,
  };
  const there = await fundsOf(rpc, asset, from);
  // Before the gas is asked for: a node that tries what is not covered only says that it failed.
  checkFunds(there, leaving, names);
  const { most, tip } = await gasPrices(rpc, maxFeePerGas);
  const gas = await gasOf(rpc, from, call, asset.contract === null ? maxGas.coin : maxGas.token);
  const parentFee = await parentFeeOf(rpc, spending, call);
  checkFunds(there, { ...leaving, coins: leaving.coins + gas * most + parentFee }, names);
  return { gas, most, tip, parentFee };
}

/**
 * What a transaction must offer to take the place of the last one; null when that pays enough for the next block, nothing
 * higher is allowed, or the account does not have it: a sweep of the coin leaves little.
 */
export async function higherTerms(
  rpc: JsonRpc,
  from: string,
  { value }: TransferCall,
  last: SignedTransaction,
  limit: bigint,
): Promise<TransactionTerms | null> {
  const { gas, parentFee, ...before } = termsOf(last);
  const now = await pricesWithin(rpc, limit);
  if (now.enough > limit) return null;
  if (before.most >= now.enough && before.tip >= now.tip) return null;
  const higher = { most: larger(dearer(before.most), now.most), tip: larger(dearer(before.tip), now.tip) };
  if (higher.most > limit || higher.tip > higher.most) return null;
  const isCovered = (await coinsOf(rpc, from)) >= value + gas * higher.most + parentFee;
  return isCovered ? { gas, parentFee, ...higher } : null;
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
