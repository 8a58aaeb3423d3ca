import { MAIN_CHAIN, utxoChainOf } from '../../adapters/chain/addresses/utxo-chains.ts';
import type { DerivationKey } from '../../adapters/chain/derivation/address-deriver.ts';
import { spendPolicyOf, type ConsolidationPolicy } from '../../adapters/chain/utxo/spending/spend-policy.ts';
import { createUtxoReader } from '../../adapters/chain/utxo/utxo-reader.ts';
import { createUtxoSpender } from '../../adapters/chain/utxo/utxo-spender.ts';
import type { Config } from '../../config/config.ts';
import { nodeUrls, type NetworkConfig } from '../../config/networks.ts';
import { coinOf, networkOf } from '../../domain/chain/networks.ts';
import { parseAmount } from '../../domain/money/money.ts';
import type { ChainReader } from '../../usecases/ports/chain-reader.ts';
import type { CoinConsolidation } from '../../usecases/ports/coin-consolidation.ts';
import type { ChainSpender, Signer } from '../../usecases/ports/chain-spender.ts';

/** Nodes tell rates for 1,000 virtual bytes. */
const BYTES_OF_A_RATE = 1_000n;

const UTXO_ONLY = [
  'chain',
  'rpcCookieFile',
  'maxFeeRate',
  'feeTargetBlocks',
  'smallCoinBelow',
  'consolidate',
] as const;

/** What is wrong with the chain that a known network is set up for. */
export function chainFaults(settings: NetworkConfig, environment: Config['environment']): string[] {
  const { network, chain = MAIN_CHAIN } = settings;
  if (networkOf(network).family === 'EVM') {
    return UTXO_ONLY.filter((name) => settings[name] !== undefined).map(
      (name) => `NETWORKS: ${network} has no ${name}`,
    );
  }
  if (!utxoChainOf(network, chain)) return [`NETWORKS: ${network} has no chain ${chain}`];
  const { fewest, most } = consolidationOf(settings);
  if (fewest > most) return [`NETWORKS: ${network} cannot join ${fewest} coins, ${most} at most`];
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
export const utxoReader = (settings: NetworkConfig): ChainReader => createUtxoReader(utxoNetwork(settings));

function consolidationOf({ network, consolidate = {} }: NetworkConfig): ConsolidationPolicy {
  const usual = spendPolicyOf(network).consolidation;
  const { feeRate, fewest = usual.fewest, most = usual.most } = consolidate;
  return { fewest, most, rate: feeRate === undefined ? usual.rate : BigInt(feeRate) * BYTES_OF_A_RATE };
}

/** What sends on it. */
export function utxoSpender(settings: NetworkConfig, signer: Signer): ChainSpender & CoinConsolidation {
  const { network, xpub, maxFeeRate, feeTargetBlocks, smallCoinBelow } = settings;
  const usual = spendPolicyOf(network);
  return createUtxoSpender({
    ...utxoNetwork(settings),
    xpub,
    signer,
    policy: {
      fees: {
        ...usual.fees,
        ...(feeTargetBlocks === undefined ? {} : { blocks: feeTargetBlocks }),
        ...(maxFeeRate === undefined ? {} : { most: BigInt(maxFeeRate) * BYTES_OF_A_RATE }),
      },
      consolidation: consolidationOf(settings),
      smallCoin: parseAmount(smallCoinBelow ?? '', coinOf(network)) ?? usual.smallCoin,
    },
  });
}

function utxoNetwork(settings: NetworkConfig) {
  const { network, chain = MAIN_CHAIN, rpcCookieFile } = settings;
  return {
    network,
    chain,
    asset: coinOf(network),
    rpcUrls: nodeUrls(settings),
    ...(rpcCookieFile === undefined ? {} : { cookieFile: rpcCookieFile }),
  };
}
