import type { RunningEventFeed } from '../../adapters/bus/event-feed.ts';
import type { ChainWatcher } from '../../workers/chain-watcher/chain-watcher.ts';
import type { Metrics } from '../metrics.ts';
import type { Database } from './database.ts';
import type { ComposedRates } from './rates.ts';

export interface MetricsSources {
  readonly database: Pick<Database, 'pool'>;
  readonly feed: Pick<RunningEventFeed, 'stats'>;
  readonly watchers: readonly ChainWatcher[];
  readonly rates: Pick<ComposedRates, 'figures'>;
}

const WAITING_JOBS = 'SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE locked_at IS NULL';
const PENDING_DELIVERIES = `SELECT count(*)::int AS count FROM delivery WHERE status = 'PENDING'`;

/** Figures of the parts that run in this process, and of the queues that all processes share. */
export function composeMetrics(metrics: Metrics, { database, feed, watchers, rates }: MetricsSources): void {
  // Without the database the other figures are needed most, and readiness tells of it: null, and no line in the log.
  const count = async (text: string): Promise<number | null> => {
    try {
      return (await database.pool.query<{ count: number }>(text)).rows[0]?.count ?? 0;
    } catch {
      return null;
    }
  };
  metrics.gauge('event_subscribers', 'Live subscriptions of this process', () => feed.stats().subscribers);
  metrics.gauge('events_read', 'Events read from the log since the start', () => feed.stats().events);
  metrics.gauge(
    'event_lag_seconds',
    'From the last event to its hand-out in this process',
    () => feed.stats().lagMilliseconds / 1000,
  );
  metrics.gauge('jobs_waiting', 'Jobs that wait to be run', () => count(WAITING_JOBS));
  metrics.gauge('deliveries_pending', 'Deliveries not sent yet', () => count(PENDING_DELIVERIES));
  metrics.rates(() => rates.figures());
  metrics.networks(() => watchers.map((watcher) => watcher.state()));
}
