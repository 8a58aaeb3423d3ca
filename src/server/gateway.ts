import { createAddressFormats } from '../adapters/chain/addresses/address-formats.ts';
import { createAddressDeriver } from '../adapters/chain/derivation/address-deriver.ts';
import { createEventLog } from '../adapters/db/event-log.ts';
import { removeFormerAddresses } from '../adapters/db/former-addresses.ts';
import { createLeaderLock } from '../adapters/db/leader-lock.ts';
import { createEventFeed, type EventFeedOptions, type RunningEventFeed } from '../adapters/bus/event-feed.ts';
import { createArgon2Hasher } from '../adapters/secrets/argon2-hasher.ts';
import { createPasswordBlocklist } from '../adapters/secrets/password-blocklist.ts';
import { createSealer } from '../adapters/secrets/sealer.ts';
import { createSecrets } from '../adapters/secrets/token-secrets.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { uuidSource } from '../adapters/system/uuid-source.ts';
import { ConfigError, type BotConfig, type Config } from '../config/config.ts';
import type { Clock } from '../usecases/ports/clock.ts';
import type { CanSend } from '../usecases/ports/can-send.ts';
import type { Rates } from '../usecases/ports/rates.ts';
import type { BotKind } from '../usecases/ports/telegram-store.ts';
import { composeApi } from './compose/api.ts';
import { startWorker, type BackgroundDeps } from './compose/background.ts';
import { startBots } from './compose/bots.ts';
import { openDatabase } from './compose/database.ts';
import { startHttp } from './compose/http.ts';
import { composeMetrics } from './compose/metrics.ts';
import { canSendOf } from './compose/network-assets.ts';
import { networkFaults } from './compose/networks.ts';
import { composeRates } from './compose/rates.ts';
import { composeUseCases } from './compose/use-cases.ts';
import { configuredChains, derivationKeys } from './compose/utxo-networks.ts';
import { composeWebhookTools } from './compose/webhooks.ts';
import { createLogger, type AppLogger } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';

/** What tests put in place of the real thing. */
export interface Overrides {
  readonly clock?: Clock;
  readonly rates?: Rates;
  readonly canSend?: CanSend;
  readonly log?: AppLogger;
}

export interface Gateway {
  /** Where it answers: the API with the role `api`, health and metrics always. */
  readonly url: string;
  readonly databaseUrl: string;
  /** What workers are composed of; tests take single steps of them. */
  readonly background: BackgroundDeps;
  /** Drains and closes everything, within ten seconds. Safe to call twice. */
  stop(): Promise<void>;
}

/** Composes and starts what the configuration's roles ask for. What was started is stopped again when a part fails. */
export async function startGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const logger = overrides.log ?? createLogger(config.logLevel);
  const shutdown = createShutdown(logger);
  try {
    return await compose(config, overrides, logger, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function compose(
  config: Config,
  overrides: Overrides,
  logger: AppLogger,
  shutdown: Shutdown,
): Promise<Gateway> {
  const faults = networkFaults(config);
  if (faults.length > 0) throw new ConfigError(faults);
  const clock = overrides.clock ?? systemClock;
  const ids = uuidSource;
  const database = await openDatabase(
    { ...config.database, migrate: config.environment !== 'production' },
    shutdown,
    logger,
  );
  const connectionString = database.url;
  const log = createEventLog(database.pool);
  const feed = await startFeed({ log, connectionString, clock, logger }, shutdown);
  const secrets = createSecrets(config.secretKey, config.previousSecretKeys);
  const rates = composeRates(config.rates, { clock, logger, shutdown });
  const metrics = createMetrics();
  const ofNetworks = networkParts(config, overrides);
  await removeFormerAddresses(database.pool, ofNetworks.deriver);
  const useCases = composeUseCases({
    database,
    secrets,
    sealer: createSealer(config.secretKey, config.previousSecretKeys),
    passwords: await createArgon2Hasher(),
    blocklist: createPasswordBlocklist(),
    ...ofNetworks,
    rates: overrides.rates ?? rates.rates,
    ids,
    clock,
    feed,
    webhooks: composeWebhookTools(config, database, metrics, shutdown),
    logger,
    initialModeration: config.projectModeration === 'automatic' ? 'ACTIVE' : 'NOT_REQUESTED',
    botUsername: async (bot) => botOf(config, bot)?.username ?? null,
  });
  const leader = createLeaderLock({ connectionString, logger });
  const background: BackgroundDeps = {
    config,
    database,
    useCases,
    log,
    signals: feed,
    feed,
    leader,
    secrets,
    ids,
    clock,
    logger,
    metrics,
    shutdown,
  };

  const roles = new Set(config.roles);
  // The client of the chains is a tenth of all that is loaded; a process without the role starts without it.
  const watchers = roles.has('watcher')
    ? (await import('./compose/watchers.ts')).startWatchers(background)
    : [];
  composeMetrics(metrics, { database, feed, watchers, rates });
  const worker = roles.has('worker') ? await startWorker(background) : null;
  const botRoutes = roles.has('bots') ? startBots(background) : {};
  const api = roles.has('api')
    ? composeApi({ config, database, useCases, feed, clock, logger, metrics, shutdown })
    : null;
  const served = { api, botRoutes, worker, watchers };
  const url = await startHttp({ config, database, logger, metrics, shutdown, ...served });
  logger.info({ url, roles: config.roles }, 'Paybell is ready');
  return { url, databaseUrl: database.url, background, stop: () => shutdown.run() };
}

async function startFeed(options: EventFeedOptions, shutdown: Shutdown): Promise<RunningEventFeed> {
  const feed = createEventFeed(options);
  await feed.start();
  shutdown.add('event feed', () => feed.close());
  return feed;
}

/** What use cases ask of the configured networks. */
const networkParts = ({ networks }: Config, overrides: Overrides) => ({
  deriver: createAddressDeriver(derivationKeys(networks)),
  formats: createAddressFormats(configuredChains(networks)),
  canSend: overrides.canSend ?? canSendOf(networks),
  confirmations: confirmationsOf(networks),
});

const confirmationsOf = (networks: Config['networks']): ReadonlyMap<string, number> =>
  new Map(
    networks.flatMap(({ network, confirmations }) => (confirmations ? [[network, confirmations]] : [])),
  );

const botOf = ({ telegram }: Config, bot: BotKind): BotConfig | null =>
  bot === 'INFO' ? telegram.infoBot : telegram.merchantBot;
