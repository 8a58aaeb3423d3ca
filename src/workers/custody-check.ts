import { setTimeout as delay } from 'node:timers/promises';
import { isSettled } from '../domain/custody/custody-check.ts';
import type { CustodyCompare } from '../usecases/custody/custody-compare.ts';
import type { CustodyChain } from '../usecases/ports/custody-chain.ts';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';

export interface CustodyCheckDeps {
  readonly custodyCompare: CustodyCompare;
  readonly networks: readonly CustodyNetwork[];
  readonly leader: LeaderLock;
  readonly logger: Logger;
  /** Between two looks at a network. */
  readonly everyMilliseconds: number;
  /** Sooner after a look that said nothing, or found a difference: the second one decides. */
  readonly againMilliseconds: number;
}

export interface CustodyNetwork {
  readonly chain: CustodyChain;
  /** By asset, in its smallest unit. */
  readonly ownFunds: ReadonlyMap<string, bigint>;
}

/** Compares ledger and chains again and again, each network by itself; in one process at a time. */
export const createCustodyCheck = ({ leader, networks, ...deps }: CustodyCheckDeps) => ({
  run: async (signal: AbortSignal): Promise<void> => {
    const follow = (network: CustodyNetwork) =>
      leader.lead(`custody ${network.chain.network}`, signal, async (leading) => {
        while (!leading.aborted) {
          const isOver = await look(deps, network);
          const rest = isOver ? deps.everyMilliseconds : deps.againMilliseconds;
          await delay(rest, undefined, { signal: leading }).catch(() => undefined);
        }
      });
    await Promise.all(networks.map(follow));
  },
});

type Deps = Pick<CustodyCheckDeps, 'custodyCompare' | 'logger'>;

/** True when the next look may take its time. */
async function look({ custodyCompare, logger }: Deps, { chain, ownFunds }: CustodyNetwork): Promise<boolean> {
  const { network } = chain;
  try {
    const checks = await custodyCompare(chain, ownFunds);
    for (const { asset, ledger, chain: there, differsSince, toldAt } of checks ?? [])
      if (toldAt !== null)
        logger.error(
          { network, asset, ledger, chain: there, differsSince },
          'custody differs from the chain',
        );
    return checks !== null && checks.every(isSettled);
  } catch (err) {
    logger.warn({ network, err }, 'custody could not be compared; trying again');
    return false;
  }
}
