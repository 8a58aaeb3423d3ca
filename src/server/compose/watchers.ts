import { createEvmReader } from '../../adapters/chain/evm/evm-reader.ts';
import { createChainStore } from '../../adapters/db/chain-store.ts';
import type { NetworkConfig } from '../../config/networks.ts';
import { networkOf, type NetworkAsset } from '../../domain/chain/networks.ts';
import { createChainWatcher, type ChainWatcher } from '../../workers/chain-watcher/chain-watcher.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { BackgroundDeps } from './background.ts';

/** Between two looks at the head of a chain. */
const POLL_INTERVAL_MS = 2_000;

/** Role `watcher`: one watcher for each configured network that can be read. */
export function startWatchers(deps: BackgroundDeps): readonly ChainWatcher[] {
  const { config, database, useCases, leader, clock, logger, shutdown } = deps;
  const store = createChainStore(database.pool);
  const ending = new AbortController();
  const watchers = config.networks.filter(isWatchable(logger)).map((settings) =>
    createChainWatcher({
      reader: createEvmReader({
        network: settings.network,
        rpcUrl: settings.rpcUrl,
        chainId: chainIdOf(settings),
        assets: assetsOf(settings),
      }),
      store,
      confirmations: settings.confirmations ?? networkOf(settings.network).confirmations,
      observe: useCases.paymentObserve,
      confirm: useCases.paymentConfirm,
      orphan: useCases.paymentOrphan,
      leader,
      clock,
      logger,
      pollIntervalMs: settings.pollIntervalMs ?? POLL_INTERVAL_MS,
      ...(settings.startHeight === undefined ? {} : { startHeight: BigInt(settings.startHeight) }),
    }),
  );
  const running = Promise.all(watchers.map((watcher) => watcher.run(ending.signal)));
  shutdown.add('chain watchers', async () => {
    ending.abort();
    await running;
  });
  return watchers;
}

/** The Bitcoin family derives addresses but cannot be watched yet. Production does not start with it. */
const isWatchable =
  (logger: Logger) =>
  ({ network }: NetworkConfig): boolean => {
    if (networkOf(network).family === 'EVM') return true;
    logger.error({ network }, 'this network is not watched: payments over it are not seen');
    return false;
  };

function chainIdOf({ network, chainId }: NetworkConfig): number {
  const known = chainId ?? networkOf(network).chainId;
  if (known === null) throw new Error(`${network} has no chain id`);
  return known;
}

/** The network's assets, with the contracts that this deployment names instead. */
const assetsOf = ({ network, contracts }: NetworkConfig): readonly NetworkAsset[] =>
  networkOf(network).assets.map((asset) => ({
    ...asset,
    contract: contracts?.[asset.asset] ?? asset.contract,
  }));
