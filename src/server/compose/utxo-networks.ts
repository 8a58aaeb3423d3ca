import { MAIN_CHAIN, utxoChainOf } from '../../adapters/chain/addresses/utxo-chains.ts';
import type { DerivationKey } from '../../adapters/chain/derivation/address-deriver.ts';
import { createUtxoReader } from '../../adapters/chain/utxo/utxo-reader.ts';
import type { Config } from '../../config/config.ts';
import { nodeUrls, type NetworkConfig } from '../../config/networks.ts';
import { networkOf } from '../../domain/chain/networks.ts';
import type { ChainReader } from '../../usecases/ports/chain-reader.ts';

const UTXO_ONLY = ['chain', 'rpcCookieFile'] as const;

/** What is wrong with the chain that a known network is set up for. */
export function chainFaults(settings: NetworkConfig, environment: Config['environment']): string[] {
  const { network, chain = MAIN_CHAIN } = settings;
  if (networkOf(network).family === 'EVM') {
    return UTXO_ONLY.filter((name) => settings[name] !== undefined).map(
      (name) => `NETWORKS: ${network} has no ${name}`,
    );
  }
  if (!utxoChainOf(network, chain)) return [`NETWORKS: ${network} has no chain ${chain}`];
  return chain !== MAIN_CHAIN && environment === 'production'
    ? [`NETWORKS: ${network} is on the test chain ${chain}, whose coins are worth nothing`]
    : [];
}

/** What the addresses of the configured networks are derived from, in the form of their chains. */
export const derivationKeys = (networks: readonly NetworkConfig[]): readonly DerivationKey[] =>
  networks.map(({ network, xpub, chain }) => {
    const parameters = utxoChainOf(network, chain);
    return parameters ? { network, xpub, hrp: parameters.hrp } : { network, xpub };
  });

/** The chains that networks are set up for by name. */
export const configuredChains = (networks: readonly NetworkConfig[]): ReadonlyMap<string, string> =>
  new Map(networks.flatMap(({ network, chain }) => (chain === undefined ? [] : [[network, chain] as const])));

/** What reads a configured network of the Bitcoin family. */
export function utxoReader(settings: NetworkConfig): ChainReader {
  const { network, chain = MAIN_CHAIN, rpcCookieFile } = settings;
  const coin = networkOf(network).assets.find(({ contract }) => contract === null);
  if (!coin) throw new Error(`${network} has no coin`);
  return createUtxoReader({
    network,
    chain,
    asset: coin.asset,
    rpcUrls: nodeUrls(settings),
    ...(rpcCookieFile === undefined ? {} : { cookieFile: rpcCookieFile }),
  });
}
