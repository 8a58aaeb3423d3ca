import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import type { WebhookAnswer } from '../../../src/usecases/ports/webhook-sender.ts';
import { measuredChannels, measuredWebhooks } from '../../../src/server/compose/measured-channels.ts';
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
  expect(text).not.toMatch(/^paybell_deliveries_pending[ {]/m);
});

test('attempts to send are counted by channel and outcome, and timed', async () => {
  const metrics = createMetrics();
  const channels = measuredChannels(
    {
      mail: { send: async () => ({ kind: 'sent' }) },
      sms: { send: async () => ({ kind: 'rejected', error: 'no' }) },
      chat: { send: async () => ({ kind: 'unknown', error: 'cut' }) },
    },
    metrics,
  );
  const mail = { to: 'a@b.example', subject: '', text: '', html: '', deliveryId: '', unsubscribeUrl: null };
  await channels.mail.send(mail);
  await channels.mail.send(mail);
  expect(await channels.sms.send({ to: '+1', text: '' })).toEqual({ kind: 'rejected', error: 'no' });
  await channels.chat.send({ bot: 'MERCHANT', chatId: '1', html: '' });
  const answer = { kind: 'answered', headers: {}, body: '', durationMs: 1, retryAfterSeconds: null } as const;
  const answers: WebhookAnswer[] = [
    { ...answer, status: 204 },
    { ...answer, status: 500 },
    { kind: 'failed', error: 'cut', durationMs: 1 },
    { kind: 'refused', error: 'private' },
  ];
  for (const given of answers) {
    const webhooks = measuredWebhooks({ send: async () => given }, metrics);
    expect(await webhooks.send({ url: '', headers: {}, body: '' })).toBe(given);
  }
  const text = await metrics.registry.metrics();
  expect(text.match(/^paybell_deliveries_total.*$/gm)).toEqual([
    'paybell_deliveries_total{channel="EMAIL",outcome="sent"} 2',
    'paybell_deliveries_total{channel="SMS",outcome="rejected"} 1',
    'paybell_deliveries_total{channel="MERCHANT_BOT",outcome="unknown"} 1',
    'paybell_deliveries_total{channel="WEBHOOK",outcome="sent"} 1',
    'paybell_deliveries_total{channel="WEBHOOK",outcome="retry"} 2',
    'paybell_deliveries_total{channel="WEBHOOK",outcome="rejected"} 1',
  ]);
  expect(text).toContain('paybell_delivery_duration_seconds_count{channel="EMAIL"} 2');
});
