import { networkOf, NETWORKS } from '../../../domain/chain/networks.ts';
import type { AddressFormats } from '../../../usecases/ports/address-formats.ts';
import { canonicalEvmAddress } from './evm-address.ts';
import { canonicalUtxoAddress } from './utxo-address.ts';
import { utxoChainOf } from './utxo-chains.ts';

const KNOWN: ReadonlySet<string> = new Set(NETWORKS.map(({ code }) => code));

/** Which chain of a network of the Bitcoin family this deployment is on, where it is not the main one. */
export type ConfiguredChains = ReadonlyMap<string, string>;

/** Addresses of the networks that this gateway knows, in their canonical forms, on the chains that it is set up for. */
export const createAddressFormats = (chains: ConfiguredChains): AddressFormats => ({
  canonical(code, text) {
    if (!KNOWN.has(code)) return null;
    const network = networkOf(code);
    if (network.family === 'EVM') return canonicalEvmAddress(text, network);
    const chain = utxoChainOf(code, chains.get(code));
    return chain && canonicalUtxoAddress(text, chain);
  },
});

/** On the main chains. */
export const addressFormats: AddressFormats = createAddressFormats(new Map());
