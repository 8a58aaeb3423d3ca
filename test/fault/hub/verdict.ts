import type { Pool } from 'pg';
import { expect } from 'vitest';
import { RETRY_DELAYS } from '../../../src/usecases/notification/retry-schedule.ts';
import type { FollowedEvent } from '../event-follower.ts';
import type { BotReceiver, ReceivedText } from './bot-receiver.ts';
import type { MailReceiver } from './mail-receiver.ts';
import { orderIn, type PaidEvent } from './paid-events.ts';
import type { HubShop } from './shops.ts';
import type { ShopEndpoints } from '../../testkit/shop-endpoints.ts';

export interface SettledDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly channel: 'EMAIL' | 'MERCHANT_BOT' | 'WEBHOOK';
  readonly status: 'PENDING' | 'SENT' | 'FAILED' | 'UNKNOWN';
  readonly error: string | null;
  readonly attempts: number;
  /** The delivery whose message it is part of. */
  readonly digestId: string | null;
}

export async function deliveriesOf(pool: Pool, events: readonly PaidEvent[]): Promise<SettledDelivery[]> {
  const { rows } = await pool.query<SettledDelivery>(
    `SELECT id, event_id AS "eventId", channel, status, last_error AS error, attempts, digest_id AS "digestId"
     FROM delivery WHERE event_id = ANY($1::uuid[])`,
    [events.map(({ id }) => id)],
  );
  return rows;
}

const MAIL_ATTEMPTS = RETRY_DELAYS.length + 1;

/** Each event has one delivery a channel, and each has ended in a way that may be. */
export function expectEnded(events: readonly PaidEvent[], deliveries: readonly SettledDelivery[]): void {
  const byEvent = Map.groupBy(deliveries, ({ eventId }) => eventId);
  const open = deliveries.filter(({ status }) => status === 'PENDING');
  expect(open).toEqual([]);
  for (const { id, shop } of events) {
    const mine = byEvent.get(id) ?? [];
    expect(mine.map(({ channel }) => channel).toSorted()).toEqual(['EMAIL', 'MERCHANT_BOT', 'WEBHOOK']);
    for (const { channel, status, error, attempts } of mine) {
      // Refused for now at every attempt there is: of ten thousand it may happen to one.
      if (channel === 'EMAIL' && status !== 'SENT')
        expect({ status, error, attempts }).toEqual({
          status: 'FAILED',
          error: expect.stringContaining('come again'),
          attempts: MAIL_ATTEMPTS,
        });
      if (channel === 'MERCHANT_BOT') expect(['SENT', 'UNKNOWN']).toContain(status);
      if (channel === 'WEBHOOK' && !shop.hangs) expect(status).toBe('SENT');
      if (channel === 'WEBHOOK' && shop.hangs)
        expect({ status, error }).toEqual({ status: 'FAILED', error: expect.stringMatching(/./) });
    }
  }
}

/** The notification centre of its person holds each event once. */
export async function expectInCentre(pool: Pool, events: readonly PaidEvent[]): Promise<void> {
  const { rows } = await pool.query<{ id: string; count: number }>(
    `SELECT event_id AS id, count(*)::int AS count FROM notification WHERE event_id = ANY($1::uuid[]) GROUP BY 1`,
    [events.map(({ id }) => id)],
  );
  expect(rows.filter(({ count }) => count !== 1)).toEqual([]);
  expect(rows).toHaveLength(events.length);
}

/** Whether it is one of the events of the test. */
export const isPaid = ({ name }: FollowedEvent): boolean => name === 'invoice.paid';

/** The socket of each shop has seen its events, each once and in order. */
export function expectFollowed(
  events: readonly PaidEvent[],
  seen: ReadonlyMap<HubShop, readonly FollowedEvent[]>,
): void {
  for (const [shop, followed] of seen) {
    const paid = followed.filter(isPaid).map(({ id }) => id);
    expect(paid).toEqual(events.filter((event) => event.shop === shop).map(({ id }) => id));
  }
}

/** Every mail that is SENT was taken; gives the number of second copies. */
export function expectMails(deliveries: readonly SettledDelivery[], { mails }: MailReceiver): number {
  const messages = deliveries.filter(
    ({ channel, digestId, status }) => channel === 'EMAIL' && digestId === null && status === 'SENT',
  );
  const copies = new Map<string, number>();
  for (const { deliveryId } of mails) copies.set(deliveryId, (copies.get(deliveryId) ?? 0) + 1);
  const parts = new Map<string, number>();
  for (const { digestId } of deliveries)
    if (digestId !== null) parts.set(digestId, (parts.get(digestId) ?? 0) + 1);
  expect(messages.filter(({ id }) => !copies.has(id))).toEqual([]);
  for (const { deliveryId, raw } of mails) {
    const more = parts.get(deliveryId);
    if (more !== undefined) expect(raw).toContain(`${more + 1} payments received`);
  }
  return messages.reduce((sum, { id }) => sum + (copies.get(id) ?? 1) - 1, 0);
}

/** Every request that a healthy endpoint is told to have got has come; gives the number of second copies. */
export function expectWebhooks(events: readonly PaidEvent[], { requests }: ShopEndpoints): number {
  const copies = new Map<string, number>();
  const bodies = new Map<string, string>();
  for (const { endpoint, id, body } of requests) {
    copies.set(`${endpoint} ${id}`, (copies.get(`${endpoint} ${id}`) ?? 0) + 1);
    // A second copy is the same to the byte.
    expect(bodies.get(id) ?? body).toBe(body);
    bodies.set(id, body);
  }
  const healthy = events.filter(({ shop }) => !shop.hangs);
  expect(healthy.filter(({ id, shop }) => !copies.has(`${shop.name} ${id}`))).toEqual([]);
  return healthy.reduce((sum, { id, shop }) => sum + (copies.get(`${shop.name} ${id}`) ?? 1) - 1, 0);
}

interface ChatsShown {
  /** Second copies. */
  readonly copies: number;
  /** Those whose connection was cut and which were sent again, because the worker died before it wrote that down. */
  readonly repeatedAfterCut: number;
}

/** What the chats show against what the deliveries say: UNKNOWN is only what the Bot API has cut. */
export function expectChats(
  events: readonly PaidEvent[],
  deliveries: readonly SettledDelivery[],
  { texts, dropped }: BotReceiver,
): ChatsShown {
  const keyOf = ({ chatId, text }: ReceivedText): string => `${chatId} ${orderIn(text) ?? 'several'}`;
  const shown = Map.groupBy(texts, keyOf);
  const cut = new Set(dropped.map(keyOf));
  const byId = new Map(events.map((event) => [event.id, event]));
  const leaders = new Set(deliveries.map(({ digestId }) => digestId));
  let [copies, repeatedAfterCut] = [0, 0];
  for (const { id, channel, status, eventId, digestId } of deliveries) {
    const event = byId.get(eventId);
    if (channel !== 'MERCHANT_BOT' || !event) continue;
    const isPart = digestId !== null || leaders.has(id);
    const key = `${event.shop.chatId} ${isPart ? 'several' : event.order}`;
    if (status === 'UNKNOWN') expect(cut).toContain(key);
    else expect(shown.get(key)?.length ?? 0).toBeGreaterThanOrEqual(1);
    if (isPart) continue;
    copies += Math.max((shown.get(key)?.length ?? 0) - 1, 0);
    if (status === 'SENT' && cut.has(key)) repeatedAfterCut += 1;
  }
  return { copies, repeatedAfterCut };
}

/** Each chat shows its orders in their order; a second copy after its first does not count. */
export function expectChatOrder(shops: readonly HubShop[], { texts }: BotReceiver): void {
  for (const { chatId } of shops) {
    const orders = texts.filter((text) => text.chatId === chatId).flatMap(({ text }) => orderIn(text) ?? []);
    const first = [...new Set(orders)];
    expect(first).toEqual(first.toSorted((a, b) => a - b));
  }
}

/** A chat that collects shows each of its messages of several with the number of its parts. */
export function expectDigestTexts(
  events: readonly PaidEvent[],
  deliveries: readonly SettledDelivery[],
  { texts }: BotReceiver,
): void {
  const collecting = new Map(
    events.filter(({ shop }) => shop.digests).map((event) => [event.id, event.shop]),
  );
  const messages = deliveries.filter(
    ({ channel, status, eventId }) =>
      channel === 'MERCHANT_BOT' && status === 'SENT' && collecting.has(eventId),
  );
  const counts = [...Map.groupBy(messages, ({ id, digestId }) => digestId ?? id).values()]
    .map((parts) => parts.length)
    .filter((count) => count > 1);
  expect(counts.length).toBeGreaterThan(0);
  const chats = new Set([...collecting.values()].map(({ chatId }) => chatId));
  const shown = texts
    .filter(({ chatId }) => chats.has(chatId))
    .flatMap(({ text }) => Number(/(\d+) payments received/.exec(text)?.[1] ?? Number.NaN))
    .filter((count) => !Number.isNaN(count));
  for (const count of counts) {
    const place = shown.indexOf(count);
    expect(place).toBeGreaterThanOrEqual(0);
    shown.splice(place, 1);
  }
}
