import { createEvmReader } from '../../adapters/chain/evm/evm-reader.ts';
import { nodeUrls, type NetworkConfig } from '../../config/networks.ts';
import { networkOf } from '../../domain/chain/networks.ts';
import { MAX_RANGE, type ChainReader } from '../../usecases/ports/chain-reader.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import { assetsOf, chainIdOf } from './network-assets.ts';
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
