import { createSpendStore } from '../../adapters/db/spend-store.ts';
import { NETWORKS } from '../../domain/chain/networks.ts';
import { systemStamp } from '../../usecases/stamp-event.ts';
import { waitForSigner } from '../../workers/payout-sender/no-signer.ts';
import { rest } from '../../workers/payout-sender/rest.ts';
import type { BackgroundDeps } from './background.ts';
import { startLoop } from './start-loop.ts';

const MINUTE_MS = 60_000;

/** Part of role `worker`: says of payouts on networks without settings why they wait. */
export const tellOfOtherNetworks = (deps: BackgroundDeps): void =>
  startLoop(deps.shutdown, 'payouts on other networks', (signal) => tellOfOthers(deps, signal));

/** A network may have been taken out of the configuration while payouts were queued on it. */
async function tellOfOthers(
  { config, database, ids, clock, feed, logger }: BackgroundDeps,
  signal: AbortSignal,
): Promise<void> {
  const sends = new Set(config.networks.map(({ network }) => network));
  const deps = {
    spends: createSpendStore(database.pool, ids),
    stamp: systemStamp({ ids, clock }),
    clock,
    feed,
  };
  while (!signal.aborted) {
    for (const { code } of NETWORKS)
      if (!sends.has(code))
        await waitForSigner(deps, code, 'NETWORK_NOT_CONFIGURED').catch((err: unknown) =>
          logger.error(
            { err, network: code },
            'payouts of a network without settings could not be looked at',
          ),
        );
    await rest(MINUTE_MS, signal);
  }
}
