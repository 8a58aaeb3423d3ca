import { createEvmSpender } from '../../adapters/chain/evm/evm-spender.ts';
import type { MaxGas } from '../../adapters/chain/evm/spending/spending-network.ts';
import { createCoinCollect } from '../../adapters/db/coin-collect.ts';
import { createSmallCoins } from '../../adapters/db/small-coins.ts';
import { createSpendStore } from '../../adapters/db/spend-store.ts';
import { createSweepCandidates } from '../../adapters/db/sweep-candidates.ts';
import { createWalletSeeds } from '../../adapters/db/wallet-seed-store.ts';
import { createSealer } from '../../adapters/secrets/sealer.ts';
import { createLocalSigner } from '../../adapters/signer/local-signer.ts';
import { nodeUrls, type NetworkConfig } from '../../config/networks.ts';
import { networkOf } from '../../domain/chain/networks.ts';
import { parseAmount } from '../../domain/money/money.ts';
import type { Signer } from '../../usecases/ports/chain-spender.ts';
import { systemStamp } from '../../usecases/stamp-event.ts';
import { createCoinCollection } from '../../workers/payout-sender/collect-coins.ts';
import { consolidating } from '../../workers/payout-sender/consolidate.ts';
import { waitForSigner } from '../../workers/payout-sender/no-signer.ts';
import { createPayoutSender, type PayoutSender } from '../../workers/payout-sender/payout-sender.ts';
import { rest } from '../../workers/payout-sender/rest.ts';
import type { SenderDeps } from '../../workers/payout-sender/sender-deps.ts';
import { sweeping } from '../../workers/payout-sender/sweep.ts';
import type { BackgroundDeps } from './background.ts';
import { assetsOf, chainIdOf } from './network-assets.ts';
import { startLoop } from './start-loop.ts';
import { utxoSpender } from './utxo-networks.ts';

/** Between two rounds of a sender. */
const ROUND_MS = 5_000;
const MINUTE_MS = 60_000;
const OUTBID_AFTER_MS = 10 * MINUTE_MS;
const STUCK_AFTER_MS = 60 * MINUTE_MS;
const GWEI = 10n ** 9n;
/** Far above what a transfer costs in quiet times, far below what a broken node may say. */
const MAX_GAS_PRICE_GWEI: Readonly<Record<string, number>> = { CRONOS: 20_000, POLYGON: 5_000 };
const USUAL_MAX_GAS_PRICE_GWEI = 500;
/** A transfer takes 21,000, a token's up to 100,000; what a receiver's own code takes besides is the gateway's loss. */
const USUAL_MAX_GAS: MaxGas = { coin: 100_000n, token: 300_000n };
/** Where the parent chain's share is counted in gas, of a low price. */
const MAX_GAS: Readonly<Record<string, MaxGas>> = { ARBITRUM: { coin: 3_000_000n, token: 3_000_000n } };
/** They ask for their parent chain's share beside the gas. */
const OP_STACK: ReadonlySet<string> = new Set(['BASE', 'OPTIMISM']);

/** Part of role `worker`: sends the payouts of each configured network. */
export function startPayoutSenders(deps: BackgroundDeps): void {
  for (const settings of deps.config.networks)
    startLoop(deps.shutdown, `payouts on ${settings.network}`, (signal) => runSender(deps, settings, signal));
}

/** Waits for the network's seed, which may be imported at any time, and sends from then on. */
async function runSender(deps: BackgroundDeps, settings: NetworkConfig, signal: AbortSignal): Promise<void> {
  const common = senderDeps(deps, settings);
  const everyMilliseconds = settings.pollIntervalMs ?? ROUND_MS;
  const { network } = settings;
  let told: string | null = null;
  while (!signal.aborted) {
    try {
      const signer = await signerOf(deps, settings);
      if (signer) return await senderOf(deps, settings, { ...common, signer, everyMilliseconds }).run(signal);
      if (told === null) deps.logger.warn({ network }, 'no seed was imported: payouts of the network wait');
      told ??= '';
      await waitForSigner(common, network);
    } catch (err) {
      // The seed of another account, another SECRET_KEY, or no database.
      const reason = err instanceof Error ? err.message : String(err);
      if (told !== reason) deps.logger.error({ err, network }, 'payouts of the network are not sent');
      told = reason;
      await waitForSigner(common, network).catch(() => undefined);
    }
    await rest(everyMilliseconds, signal);
  }
}

type CommonDeps = Omit<SenderDeps, 'spender'>;

/** What a network's sender asks and writes with. */
export function senderDeps(
  { database, useCases, ids, clock, feed, logger }: BackgroundDeps,
  { network, confirmations, payoutConfirmations }: NetworkConfig,
): CommonDeps {
  return {
    spends: createSpendStore(database.pool, ids),
    payoutCheck: useCases.payoutCheck,
    sourceStands: useCases.sourceStands,
    payoutFail: useCases.payoutFail,
    stamp: systemStamp({ ids, clock }),
    confirmations: payoutConfirmations ?? confirmations ?? networkOf(network).confirmations,
    outbidAfterMilliseconds: OUTBID_AFTER_MS,
    stuckAfterMilliseconds: STUCK_AFTER_MS,
    ids,
    clock,
    feed,
    logger,
  };
}

/** Null where there is no seed. Throws Error where it is not that of the configured key. */
async function signerOf(
  { config, database }: BackgroundDeps,
  { network, xpub }: NetworkConfig,
): Promise<Signer | null> {
  const seeds = createWalletSeeds(database.pool);
  if (!(await seeds.read(network))) return null;
  const sealer = createSealer(config.secretKey, config.previousSecretKeys);
  return await createLocalSigner({ network, xpub, seeds, sealer });
}

function maxGasOf({ network, maxTransferGas }: NetworkConfig): MaxGas {
  if (maxTransferGas === undefined) return MAX_GAS[network] ?? USUAL_MAX_GAS;
  return { coin: BigInt(maxTransferGas), token: BigInt(maxTransferGas) };
}

function senderOf(
  { database, leader }: BackgroundDeps,
  settings: NetworkConfig,
  { signer, ...common }: CommonDeps & { readonly signer: Signer; readonly everyMilliseconds: number },
): PayoutSender {
  const { network, xpub, sweepAbove = {} } = settings;
  const { pool } = database;
  if (networkOf(network).family === 'UTXO') {
    const collectCoins = createCoinCollection(createCoinCollect(pool), network, common.confirmations);
    const spender = utxoSpender(settings, signer);
    const sweep = consolidating({ ...common, spender, chain: spender, coins: createSmallCoins(pool) });
    return createPayoutSender({ ...common, leader, spender, collectCoins, sweep });
  }
  const maxGasPriceGwei = settings.maxGasPriceGwei ?? MAX_GAS_PRICE_GWEI[network] ?? USUAL_MAX_GAS_PRICE_GWEI;
  const spender = createEvmSpender({
    network,
    rpcUrls: nodeUrls(settings),
    chainId: chainIdOf(settings),
    assets: assetsOf(settings),
    xpub,
    signer,
    maxFeePerGas: BigInt(maxGasPriceGwei) * GWEI,
    maxGas: maxGasOf(settings),
    finality: settings.finality ?? 'confirmations',
    hasParentFee: OP_STACK.has(network),
    logger: common.logger,
  });
  const thresholds = Object.fromEntries(
    Object.entries(sweepAbove).flatMap(([asset, amount]) => {
      const least = parseAmount(amount, asset);
      return least === null ? [] : [[asset, least] as const];
    }),
  );
  const candidates = createSweepCandidates(pool);
  const sweep = sweeping({ ...common, spender, chain: spender, candidates, thresholds });
  return createPayoutSender({ ...common, leader, spender, sweep });
}
