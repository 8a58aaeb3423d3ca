import { createChainStore } from '../../adapters/db/chain-store.ts';
import { networkOf } from '../../domain/chain/networks.ts';
import { createChainWatcher, type ChainWatcher } from '../../workers/chain-watcher/chain-watcher.ts';
import type { BackgroundDeps } from './background.ts';
import { createReader } from './chain-readers.ts';

/** Between two looks at the head of a chain. */
const POLL_INTERVAL_MS = 2_000;

/** Role `watcher`: one watcher for each configured network. */
export function startWatchers(deps: BackgroundDeps): readonly ChainWatcher[] {
  const { config, database, useCases, leader, clock, logger, shutdown } = deps;
  const store = createChainStore(database.pool);
  const ending = new AbortController();
  const watchers = config.networks.map((settings) =>
    createChainWatcher({
      reader: createReader(settings, logger),
      store,
      confirmations: settings.confirmations ?? networkOf(settings.network).confirmations,
      payments: {
        observe: useCases.paymentObserve,
        confirm: useCases.paymentConfirm,
        orphan: useCases.paymentOrphan,
      },
      deposits: {
        observe: useCases.depositObserve,
        confirm: useCases.depositConfirm,
        orphan: useCases.depositOrphan,
      },
      recordUnmatched: useCases.unmatchedTransfersRecord,
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
