import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { MERCHANT_BOT_TOKEN } from '../../src/demo/platform.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { rounds } from '../testkit/long.ts';
import { followEvents, type EventFollower } from './event-follower.ts';
import { freePort, spawnGateway } from './gateway-process.ts';
import { startBotReceiver } from './hub/bot-receiver.ts';
import { startMailReceiver } from './hub/mail-receiver.ts';
import { writePaidEvents, type PaidEvent } from './hub/paid-events.ts';
import { openHubShop, type HubShop } from './hub/shops.ts';
import {
  deliveriesOf,
  expectChatOrder,
  expectChats,
  expectDigestTexts,
  expectEnded,
  expectFollowed,
  expectInCentre,
  expectMails,
  expectWebhooks,
  isPaid,
} from './hub/verdict.ts';
import { startShopEndpoints, type ShopEndpoints } from '../testkit/shop-endpoints.ts';
import { IN_FLIGHT, startWorkers } from './hub/workers.ts';
import { seededRandom } from './seed.ts';

const EVENTS = rounds(300, 10_000);
const KILLS = rounds(2, 10);
const PER_SECOND = rounds(30, 50);
/** Each with an endpoint, of which the last one hangs; one more collects bursts. */
const SHOPS = 10;
const REFUSES_EVERY_MAIL = 3;

const stops: (() => Promise<unknown>)[] = [];
const later = <T extends { stop(): Promise<unknown> }>(thing: T): T => {
  stops.push(() => thing.stop());
  return thing;
};
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

test(
  'every delivery of every event ends in one way, whoever refuses, hangs, hangs up or dies',
  async () => {
    const random = seededRandom();
    const db = await createTestDatabase();
    stops.push(() => db.drop());
    const mail = later(await startMailReceiver(REFUSES_EVERY_MAIL));
    const bot = later(await startBotReceiver(random));
    const webhooks = later(await startShopEndpoints((endpoint) => endpoint === 'shop-9'));
    const env = {
      DATABASE_URL: db.url,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      SMTP_URL: mail.url,
      TELEGRAM_API_ROOT: bot.apiRoot,
      MERCHANT_BOT_TOKEN,
      MERCHANT_BOT_USERNAME: 'paybell_merchant_bot',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_TIMEOUT_SECONDS: '1',
    };
    const api = spawnGateway(await freePort(), { ...env, ROLES: 'api', LOG_LEVEL: 'info' });
    stops.push(() => api.kill());
    await api.ready;
    const place = { url: api.url, pool: db.pool, urlOf: webhooks.urlOf };
    const shops: HubShop[] = [];
    for (let i = 0; i < SHOPS; i += 1)
      shops.push(await openHubShop(place, `shop-${i}`, { hangs: i === SHOPS - 1 }));
    shops.push(await openHubShop(place, 'burst-shop', { digests: true }));
    const followers = new Map(shops.map((shop) => [shop, later(followEvents(api.url, shop.liveKey))]));
    const workers = later(await startWorkers({ ...env, LOG_LEVEL: 'info' }, random));

    const [events] = await Promise.all([
      writePaidEvents(db, shops, { count: EVENTS, perSecond: PER_SECOND }),
      workers.killOften(KILLS, (EVENTS / PER_SECOND / KILLS) * 1000),
    ]);
    await untilSettled(db, shops);

    const deliveries = await deliveriesOf(db.pool, events);
    expectEnded(events, deliveries);
    await expectInCentre(db.pool, events);
    await untilFollowed(events, [...followers.values()]);
    expectFollowed(events, new Map([...followers].map(([shop, follower]) => [shop, follower.events])));
    const chats = expectChats(events, deliveries, bot);
    const copies = {
      mail: expectMails(deliveries, mail),
      chat: chats.copies,
      webhook: expectWebhooks(events, webhooks),
    };
    expectChatOrder(shops, bot);
    expectDigestTexts(events, deliveries, bot);
    // What a worker had sent and not written down when it was killed; nothing else is sent twice.
    expect(copies.mail + copies.chat + copies.webhook).toBeLessThanOrEqual(KILLS * IN_FLIGHT);
    expect(chats.repeatedAfterCut).toBeLessThanOrEqual(KILLS * IN_FLIGHT);
    expect(mail.refused()).toBeGreaterThan(0);
    expect(webhooks.unanswered()).toBeGreaterThan(0);
    const unknown = deliveries.filter(({ status }) => status === 'UNKNOWN').length;
    report({
      events: events.length,
      kills: KILLS,
      secondCopies: copies,
      mailsRefused: mail.refused(),
      mailsFailed: deliveries.filter(({ channel, status }) => channel === 'EMAIL' && status === 'FAILED')
        .length,
      chatsRefused: bot.refused(),
      chatsCut: bot.dropped.length,
      chatsRepeatedAfterCut: chats.repeatedAfterCut,
      chatsUnknown: unknown,
      webhookMs: latencies(events, webhooks),
    });
  },
  rounds(300_000, 3_600_000),
);

/**
 * Waits until nothing is pending. What waits for its next attempt gets it now: the waits grow to hours. In the end the
 * endpoint that hangs is disabled by its shop.
 */
async function untilSettled({ pool }: TestDatabase, shops: readonly HubShop[]): Promise<void> {
  const hanging = shops.filter(({ hangs }) => hangs);
  const pending = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM delivery d
       WHERE status = 'PENDING' AND NOT EXISTS (
         SELECT FROM webhook_endpoint e WHERE e.id = d.endpoint_id AND e.project_id = ANY($1::uuid[])
           AND e.status = 'ENABLED')`,
      [hanging.map(({ projectId }) => projectId)],
    );
    return rows[0]?.count ?? 0;
  };
  const waitForNone = async (): Promise<void> => {
    while ((await pending()) > 0 || (await isBehind(pool))) {
      await pool.query(
        `UPDATE graphile_worker._private_jobs SET run_at = now()
         WHERE run_at > now() + interval '2 seconds' AND locked_at IS NULL`,
      );
      await delay(200);
    }
  };
  await waitForNone();
  for (const shop of hanging) await shop.disableEndpoint();
  await waitForNone();
}

/** Waits until the sockets together have got as many; who got which is asked afterwards. */
const untilFollowed = (events: readonly PaidEvent[], followers: readonly EventFollower[]): Promise<unknown> =>
  vi.waitUntil(
    () => followers.reduce((sum, { events: got }) => sum + got.filter(isPaid).length, 0) >= events.length,
    { timeout: 20_000, interval: 100 },
  );

/** Whether the relay has events before it. */
async function isBehind(pool: TestDatabase['pool']): Promise<boolean> {
  const { rows } = await pool.query(
    `SELECT FROM event e, event_cursor c
     WHERE c.reader = 'relay' AND (e.txid, e.seq) > (c.txid, c.seq) LIMIT 1`,
  );
  return rows.length > 0;
}

/** From the commit of an event to its first arrival at an endpoint that works. */
function latencies(events: readonly PaidEvent[], { requests }: ShopEndpoints) {
  const arrived = new Map<string, number>();
  for (const { id, at } of requests) if (!arrived.has(id)) arrived.set(id, at);
  const sorted = events
    .filter(({ shop }) => !shop.hangs)
    .map(({ id, at }) => (arrived.get(id) ?? Number.NaN) - at)
    .toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { median: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1), count: sorted.length };
}

/** Figures are told and never asserted: they are the machine's. */
const report = (figures: object): void =>
  void process.stdout.write(`\nhub: ${JSON.stringify(figures, null, 1).replaceAll('\n', '')}\n`);
