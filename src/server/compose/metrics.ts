import type { RunningEventFeed } from '../../adapters/bus/event-feed.ts';
import type { ChainWatcher } from '../../workers/chain-watcher/chain-watcher.ts';
import type { Metrics } from '../metrics.ts';
import type { Database } from './database.ts';
import { composeCustodyMetrics } from './custody-metrics.ts';
import type { ComposedRates } from './rates.ts';

export interface MetricsSources {
  readonly database: Pick<Database, 'pool'>;
  readonly feed: Pick<RunningEventFeed, 'stats'>;
  readonly watchers: readonly ChainWatcher[];
  readonly rates: Pick<ComposedRates, 'figures'>;
}

const WAITING_JOBS = 'SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE locked_at IS NULL';
/** Of each channel so many are counted at most, by the index of those that wait: a scrape must stay cheap in a flood. */
const MOST_COUNTED = 50_000;
const PENDING_DELIVERIES = `
  SELECT c.channel, (
    SELECT count(*) FROM (
      SELECT FROM delivery d WHERE d.status = 'PENDING' AND d.channel = c.channel LIMIT ${MOST_COUNTED}
    ) AS some_of_them
  )::int AS count
  FROM unnest(enum_range(NULL::"Channel")) AS c (channel)`;

/** Both by the partial indexes of what is open. */
const WAITING_PAYOUTS = `
  SELECT network, waits_for AS reason, coalesce(waits_asset, '') AS lacks, count(*)::int AS count FROM payout
  WHERE status = 'QUEUED' AND mode = 'LIVE' AND network IS NOT NULL AND waits_for IS NOT NULL GROUP BY 1, 2, 3`;
const STUCK_SPENDS = `
  SELECT network, stuck_for AS why, count(*)::int AS count FROM spend
  WHERE (status = 'SIGNED' OR status = 'BROADCAST') AND stuck_for IS NOT NULL GROUP BY 1, 2`;

/** Figures of the parts that run in this process, and of the queues that all processes share. */
export function composeMetrics(metrics: Metrics, { database, feed, watchers, rates }: MetricsSources): void {
  // Without the database the other figures are needed most, and readiness tells of it: null, and no line in the log.
  const ask = async <Row extends object>(text: string): Promise<Row[] | null> => {
    try {
      return (await database.pool.query<Row>(text)).rows;
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
  metrics.gauge('jobs_waiting', 'Jobs that wait to be run', async () => {
    const jobs = await ask<{ count: number }>(WAITING_JOBS);
    return jobs && (jobs[0]?.count ?? 0);
  });
  metrics.waiting(() => ask<{ channel: string; count: number }>(PENDING_DELIVERIES));
  const counted = async (text: string) =>
    (await ask<{ count: number } & Record<string, string>>(text))?.map(({ count, ...labels }) => ({
      labels,
      count,
    })) ?? null;
  metrics.figures(
    'payouts_waiting',
    'Queued payouts that cannot be sent now, with what the hot wallet lacks',
    ['network', 'reason', 'lacks'],
    () => counted(WAITING_PAYOUTS),
  );
  metrics.figures(
    'spends_stuck',
    'Signed transactions that an operator must look at',
    ['network', 'why'],
    () => counted(STUCK_SPENDS),
  );
  metrics.rates(() => rates.figures());
  metrics.networks(() => watchers.map((watcher) => watcher.state()));
  composeCustodyMetrics(metrics, ask);
}
