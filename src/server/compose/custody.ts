import { createEvmCustody } from '../../adapters/chain/evm/custody/evm-custody.ts';
import { createUtxoCustody } from '../../adapters/chain/utxo/custody/utxo-custody.ts';
import { MAIN_CHAIN } from '../../adapters/chain/addresses/utxo-chains.ts';
import { createCustodyStore } from '../../adapters/db/custody-store.ts';
import { nodeUrls, type NetworkConfig } from '../../config/networks.ts';
import { coinOf, networkOf } from '../../domain/chain/networks.ts';
import { parseAmount } from '../../domain/money/money.ts';
import { custodyCompare } from '../../usecases/custody/custody-compare.ts';
import type { CustodyChain } from '../../usecases/ports/custody-chain.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import { systemStamp } from '../../usecases/stamp-event.ts';
import { createCustodyCheck } from '../../workers/custody-check.ts';
import type { BackgroundDeps } from './background.ts';
import { assetsOf, chainIdOf } from './network-assets.ts';
import { startLoop } from './start-loop.ts';

const MINUTE_MS = 60_000;

/** Part of role `worker`: compares the ledger with the chains (docs/decisions/0045). */
export function startCustodyCheck(deps: BackgroundDeps): void {
  const { config, database, ids, clock, feed, leader, logger, shutdown } = deps;
  const check = createCustodyCheck({
    custodyCompare: custodyCompare({
      store: createCustodyStore(database.pool),
      stamp: systemStamp({ ids, clock }),
      ids,
      clock,
      feed,
    }),
    networks: config.networks.map((settings) => ({
      chain: custodyChain(settings, logger),
      ownFunds: ownFundsOf(settings),
    })),
    leader,
    logger,
    everyMilliseconds: 10 * MINUTE_MS,
    againMilliseconds: MINUTE_MS,
  });
  startLoop(shutdown, 'custody check', (signal) => check.run(signal));
}

function custodyChain(settings: NetworkConfig, logger: Logger): CustodyChain {
  const { network, xpub, chain = MAIN_CHAIN, rpcCookieFile } = settings;
  const rpcUrls = nodeUrls(settings);
  if (networkOf(network).family === 'UTXO') {
    const cookie = rpcCookieFile === undefined ? {} : { cookieFile: rpcCookieFile };
    return createUtxoCustody({ network, chain, asset: coinOf(network), rpcUrls, ...cookie });
  }
  return createEvmCustody({
    network,
    rpcUrls,
    chainId: chainIdOf(settings),
    assets: assetsOf(settings),
    xpub,
    logger,
  });
}

const ownFundsOf = ({ ownFunds = {} }: NetworkConfig): ReadonlyMap<string, bigint> =>
  new Map(Object.entries(ownFunds).map(([asset, amount]) => [asset, parseAmount(amount, asset) ?? 0n]));
