import { createEvmReader } from '../../adapters/chain/evm/evm-reader.ts';
import { nodeUrls, type NetworkConfig } from '../../config/networks.ts';
import { networkOf, type NetworkAsset } from '../../domain/chain/networks.ts';
import { MAX_RANGE, type ChainReader } from '../../usecases/ports/chain-reader.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import { utxoReader } from './utxo-networks.ts';

/** The reader of a configured network. */
export function createReader(settings: NetworkConfig, logger: Logger): ChainReader {
  const { network } = settings;
  if (networkOf(network).family === 'UTXO') return utxoReader(settings);
  return createEvmReader({
    network,
    rpcUrls: nodeUrls(settings),
    chainId: chainIdOf(settings),
    assets: assetsOf(settings),
    finality: settings.finality ?? 'confirmations',
    unknownTokens: settings.unknownTokens ?? true,
    logChunk: settings.logChunk ?? Number(MAX_RANGE),
    logger,
  });
}

function chainIdOf({ network, chainId }: NetworkConfig): number {
  const known = chainId ?? networkOf(network).chainId;
  if (known === null) throw new Error(`${network} has no chain id`);
  return known;
}

/**
 * The network's assets, with the contracts that this deployment names instead. On another chain than the network's own (a
 * test chain) stand other contracts: there is no token but those that are named.
 */
const assetsOf = ({ network, chainId, contracts }: NetworkConfig): readonly NetworkAsset[] => {
  const known = networkOf(network);
  const isOwnChain = chainId === undefined || chainId === known.chainId;
  return known.assets.flatMap((row) => {
    const own = contracts?.[row.asset];
    if (own === undefined) return isOwnChain || row.contract === null ? [row] : [];
    if (typeof own === 'string') return [{ ...row, contract: own }];
    const { address, decimals } = own;
    return [{ ...row, contract: address, ...(decimals === undefined ? {} : { decimals }) }];
  });
};
