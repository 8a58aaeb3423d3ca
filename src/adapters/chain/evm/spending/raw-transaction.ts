import { keccak256, parseTransaction, recoverAddress, serializeTransaction } from 'viem/utils';
import { bytesToHex, getAddress, hexToBytes, numberToHex } from 'viem/utils';
import type { SignedTransaction, Signer, SpendPlace } from '../../../../usecases/ports/chain-spender.ts';
import type { TransferCall } from './transfer-call.ts';

export type AccountPlace = Extract<SpendPlace, { readonly family: 'EVM' }>;

/** Prices in wei a unit of gas. */
export interface TransactionTerms {
  readonly gas: bigint;
  readonly most: bigint;
  readonly tip: bigint;
  /** What the chain may ask for its parent chain besides, in wei. */
  readonly parentFee: bigint;
}

/**
 * Signs a transaction (EIP-1559, EIP-2718). Throws Error when the key that signed is not the account's: a node would give
 * such a transaction to whom the key belongs.
 */
export async function signTransaction(
  signer: Pick<Signer, 'signHash'>,
  chainId: number,
  { from, path, nonce }: AccountPlace,
  { to, value, data }: TransferCall,
  { gas, most, tip, parentFee }: TransactionTerms,
): Promise<SignedTransaction> {
  const transaction = {
    type: 'eip1559',
    chainId,
    nonce: Number(nonce),
    to,
    value,
    data,
    gas,
    maxFeePerGas: most,
    maxPriorityFeePerGas: tip,
  } as const;
  const hash = keccak256(serializeTransaction(transaction));
  const { r, s, yParity } = await signer.signHash(path, hexToBytes(hash));
  const signature = { r: numberToHex(r, { size: 32 }), s: numberToHex(s, { size: 32 }), yParity };
  if ((await recoverAddress({ hash, signature })) !== getAddress(from))
    throw new Error(`the key of ${path} is not that of ${from}`);
  const raw = serializeTransaction(transaction, signature);
  return {
    txId: keccak256(raw),
    raw: hexToBytes(raw),
    feeRate: most,
    maxFee: gas * most + parentFee,
    change: null,
  };
}

/** What a transaction that was signed here offered. */
export function termsOf({ raw, maxFee }: SignedTransaction): TransactionTerms {
  const { gas, maxFeePerGas, maxPriorityFeePerGas } = parseTransaction(bytesToHex(raw));
  if (gas === undefined || maxFeePerGas === undefined)
    throw new Error('the transaction was not signed by this gateway');
  // A tip of nothing is left out of what is read.
  return {
    gas,
    most: maxFeePerGas,
    tip: maxPriorityFeePerGas ?? 0n,
    parentFee: maxFee - gas * maxFeePerGas,
  };
}
