import { createAutoWithdrawalWork } from '../../adapters/db/auto-withdrawal-work.ts';
import { createPayoutStore } from '../../adapters/db/payout-store.ts';
import {
  autoWithdrawalsFollow,
  type AutoWithdrawalsFollow,
} from '../../usecases/auto-withdrawal/auto-withdrawals-follow.ts';
import { createAutoWithdrawals } from '../../workers/auto-withdrawals.ts';
import type { BackgroundDeps } from './background.ts';
import { startLoop } from './start-loop.ts';

/** Sends on what is credited, by the merchants' rules. */
export function startAutoWithdrawals(deps: BackgroundDeps): void {
  const { leader, logger, shutdown } = deps;
  const worker = createAutoWithdrawals({ follow: autoWithdrawalsFollower(deps), leader, logger });
  startLoop(shutdown, 'automatic withdrawals', (signal) => worker.run(signal));
}

/** One step of it. */
export const autoWithdrawalsFollower = ({
  database,
  useCases,
  log,
  ids,
  clock,
  feed,
  logger,
}: BackgroundDeps): AutoWithdrawalsFollow =>
  autoWithdrawalsFollow({
    log,
    work: createAutoWithdrawalWork(database.pool),
    payouts: createPayoutStore(database.pool, ids),
    payoutByRule: useCases.payoutByRule,
    ids,
    clock,
    feed,
    logger,
  });
