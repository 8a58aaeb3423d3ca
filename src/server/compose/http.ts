import type { Config } from '../../config/config.ts';
import type { ChainWatcher, WatcherState } from '../../workers/chain-watcher/chain-watcher.ts';
import { createHealth, type ReadinessCheck } from '../health.ts';
import { createHttpServer, type Route } from '../http.ts';
import type { AppLogger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import type { Shutdown } from '../shutdown.ts';
import type { Api } from './api.ts';
import type { RunningWorker } from './background.ts';
import type { Database } from './database.ts';

export interface HttpDeps {
  readonly config: Config;
  readonly database: Database;
  readonly logger: AppLogger;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
  /** Null in a process without the role `api`: it serves health and metrics only. */
  readonly api: Api | null;
  /** By which Telegram posts what people write to the bots; none without the role `bots`. */
  readonly botRoutes: Readonly<Record<string, Route>>;
  /** Null in a process without the role `worker`. */
  readonly worker: RunningWorker | null;
  /** The watchers of this process, if it has any. */
  readonly watchers: readonly ChainWatcher[];
}

/** Of the time for stopping: the rest is for the parts that stop after the HTTP server. */
const EXPORTS_SHARE = 0.4;

/** Every process answers on HTTP, so that its health and figures can be asked for. Gives the base URL. */
export async function startHttp(deps: HttpDeps): Promise<string> {
  const { api, botRoutes, logger, metrics, shutdown } = deps;
  const { host, port, publicUrl } = deps.config.http;
  const health = createHealth(readinessChecks(deps));
  const server = createHttpServer({
    routes: { ...api?.routes, ...botRoutes },
    health,
    metrics,
    logFor: (requestId) => logger.with({ requestId }),
    secureCookies: publicUrl.startsWith('https:'),
  });
  const sockets = api?.attachSockets(server.server);
  shutdown.add('HTTP server', async (remainingMs) => {
    await Promise.all([server.close(remainingMs), api?.closeExports(remainingMs * EXPORTS_SHARE)]);
  });
  if (sockets) shutdown.add('WebSockets', (remainingMs) => sockets.close(remainingMs));
  shutdown.add('readiness', async () => health.drain());
  const bound = await server.listen(host, port);
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

/** Not the error itself: it is in the log, and readiness is told to whoever asks. */
function networkReason({ stopped, failing }: WatcherState): string | null {
  if (stopped) return 'stopped: needs an operator';
  return failing ? 'cannot be read at present' : null;
}

function readinessChecks({ database, worker, watchers }: HttpDeps): Record<string, ReadinessCheck> {
  const ofNetworks = watchers.map(({ network, state }): [string, ReadinessCheck] => [
    `network ${network}`,
    async () => networkReason(state()),
  ]);
  return {
    database: async () => {
      await database.pool.query('SELECT 1');
      return null;
    },
    jobs: async () => (worker?.running() === false ? 'the job runner has ended' : null),
    ...Object.fromEntries(ofNetworks),
  };
}
