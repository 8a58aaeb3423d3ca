import type { NetworkCode } from './networks.ts';

/** Schemes that wallets of the Bitcoin family read (BIP-21). */
const SCHEMES: Readonly<Partial<Record<NetworkCode, string>>> = { BITCOIN: 'bitcoin', LITECOIN: 'litecoin' };

/**
 * What a wallet scans: a BIP-21 URI with the amount, or the bare address on EVM networks, where wallets read requests
 * with a token and an amount in too many ways to trust one with money.
 *
 * @param amount in whole units of the network's coin
 */
export function paymentUri(network: string, address: string, amount: string): string {
  const scheme = Object.entries(SCHEMES).find(([code]) => code === network)?.[1];
  return scheme === undefined ? address : `${scheme}:${address}?amount=${amount}`;
}
