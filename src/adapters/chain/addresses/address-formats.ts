import { networkOf, NETWORKS } from '../../../domain/chain/networks.ts';
import type { AddressFormats } from '../../../usecases/ports/address-formats.ts';
import { canonicalEvmAddress } from './evm-address.ts';
import { canonicalUtxoAddress, type UtxoChain } from './utxo-address.ts';

/** Version bytes and prefixes of the main networks (BIP-13, BIP-173; Litecoin: chainparams, SLIP-173). */
const UTXO_CHAINS: ReadonlyMap<string, UtxoChain> = new Map([
  ['BITCOIN', { hrp: 'bc', versions: [0x00, 0x05] }],
  // 0x05 is Litecoin's old P2SH as well, but the same text is a Bitcoin address: only the new one (M…) is taken.
  ['LITECOIN', { hrp: 'ltc', versions: [0x30, 0x32] }],
]);

const KNOWN: ReadonlySet<string> = new Set(NETWORKS.map(({ code }) => code));

/** Addresses of the networks that this gateway knows, in their canonical forms. */
export const addressFormats: AddressFormats = {
  canonical(code, text) {
    if (!KNOWN.has(code)) return null;
    const network = networkOf(code);
    if (network.family === 'EVM') return canonicalEvmAddress(text, network);
    const chain = UTXO_CHAINS.get(code);
    return chain ? canonicalUtxoAddress(text, chain) : null;
  },
};
