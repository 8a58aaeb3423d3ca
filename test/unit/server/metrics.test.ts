import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { composeMetrics } from '../../../src/server/compose/metrics.ts';
import { createMetrics } from '../../../src/server/metrics.ts';

// Port 1 of this machine: nobody listens.
const pool = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing' });
afterAll(() => pool.end());

test('without the database its figures are left out and the others are told', async () => {
  const metrics = createMetrics();
  const stats = () => ({ subscribers: 3, events: 7, handed: 0, lagMilliseconds: 250 });
  composeMetrics(metrics, {
    database: { pool },
    feed: { stats },
    watchers: [],
    rates: {
      figures: () => [
        { source: 'kraken', ageSeconds: 12.5 },
        { source: 'ecb', ageSeconds: null },
      ],
    },
  });
  const text = await metrics.registry.metrics();
  expect(text).toContain('paybell_event_subscribers 3');
  expect(text).toContain('paybell_event_lag_seconds 0.25');
  expect(text.match(/^paybell_rate_age_seconds.*$/gm)).toEqual([
    'paybell_rate_age_seconds{source="kraken"} 12.5',
  ]);
  expect(text).not.toMatch(/^paybell_jobs_waiting /m);
  expect(text).not.toMatch(/^paybell_deliveries_pending /m);
});
