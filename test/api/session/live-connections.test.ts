import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionResult } from 'graphql';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import { startPlatform, type Platform } from '../../../src/demo/platform.ts';
import { createApiClient, type ApiClient } from '../../../src/demo/api-client.ts';
import { eventRows, insertEvents } from '../../../src/adapters/db/event-insert.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { SYSTEM, eventActor } from '../../../src/domain/access/actor.ts';
import { userEvent, type EventDraft } from '../../../src/domain/event/event.ts';
import * as operations from '../../../src/generated/documents.ts';
import { encodeEventCursor } from '../../../src/domain/event/event-cursor.ts';
import { stampEvent } from '../../../src/usecases/stamp-event.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { connectSse, connectWebSocket, endingCodes } from '../../testkit/live-clients.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { sessionRow, stepUp } from '../../testkit/sessions.ts';
import { createInvoice } from '../../testkit/shop.ts';

const BEGINNING = encodeEventCursor({ txid: 0n, seq: 0n });

const clock = createMovableClock();
/** Where things happen; the live connections are at the other gateway on the same database. */
const kit = usePlatform({ overrides: { clock } });
let there: Platform;
beforeAll(async () => {
  there = await startPlatform({
    env: { NODE_ENV: 'test', DATABASE_URL: kit.database.url, LOG_LEVEL: 'silent', ROLES: 'api' },
    overrides: { clock },
  });
});
afterAll(() => there.stop());

let shops = 0;
async function openShop(): Promise<DemoMerchant & { readonly token: string; readonly here: ApiClient }> {
  const shop = await openMerchant(kit.platform, `live${(shops += 1)}@shop.example`);
  const token = await signIn(kit.platform, shop.email);
  return { ...shop, token, here: createApiClient(kit.platform.url, token) };
}

type Told = ExecutionResult<operations.EventsSubscription>;

/** A stream that is known to run: it has told an event from before. */
async function running(events: AsyncIterableIterator<Told>): Promise<AsyncIterableIterator<Told>> {
  expect((await events.next()).done).not.toBe(true);
  return events;
}
const place = (projectId: string) => ({ projectId, mode: 'TEST', after: BEGINNING }) as const;

/** A socket and an event stream at the other gateway on which nothing happens, unless the test does something. */
async function follow(secret: string, projectId: string) {
  const socket = connectWebSocket(there.url, secret);
  const sse = connectSse(there.url, secret);
  const [overSocket, overSse] = await Promise.all([
    running(socket.iterate(operations.EventsDocument, place(projectId))),
    running(sse.iterate(operations.EventsDocument, place(projectId))),
  ]);
  overSocket.next().catch(() => undefined);
  const seen: string[] = [];
  const ended = endingCodes(noting(overSse, seen));
  ended.catch(() => undefined);
  return {
    socket,
    ended,
    /** Waits until the event stream has told of this invoice. */
    hears: ({ id }: { id: string }) => expect.poll(() => seen, { timeout: 5_000 }).toContain(id),
    stop() {
      socket.dispose();
      sse.dispose();
    },
  };
}
async function* noting(events: AsyncIterable<Told>, seen: string[]): AsyncIterable<Told> {
  for await (const told of events) {
    if (told.data) seen.push(told.data.events.subjectId);
    yield told;
  }
}
type Followed = Awaited<ReturnType<typeof follow>>;

async function expectClosed({ socket, ended }: Followed): Promise<void> {
  expect(await Promise.all([socket.closed, ended])).toEqual([4403, ['FORBIDDEN']]);
}

/** Writes what a use case of this gateway would, and lets the gateway announce it with a write of its own. */
async function change(sql: string, values: unknown[], draft: EventDraft, announce: () => Promise<unknown>) {
  const event = stampEvent(draft, { id: uuidSource.next(), actor: eventActor(SYSTEM), at: clock.now() });
  await kit.database.pool.query(sql, values);
  await kit.database.pool.query(insertEvents('$1'), [eventRows([event])]);
  await announce();
}

const ofMember = (shop: DemoMerchant, type: EventDraft['type'], userId: string): EventDraft => ({
  type,
  merchantId: rowIdOf(shop.merchantId),
  projectId: null,
  mode: null,
  subject: { type: 'MEMBER', id: uuidSource.next() },
  data: { userId },
});
const userIdOf = async (token: string) => (await sessionRow(kit.database.pool, token)).user_id;

describe('at another gateway, a socket and an event stream on which nothing happens are closed', () => {
  test('when their session ends, within a second; those of other sessions stay', async () => {
    const shop = await openShop();
    const other = await follow(await signIn(kit.platform, shop.email), shop.projectId);
    let others = 'open';
    const closed = () => (others = 'closed');
    void Promise.race([other.socket.closed, other.ended]).then(closed, closed);
    const measured: number[] = [];
    for (let round = 0; round < 5; round++) {
      const token = await signIn(kit.platform, shop.email);
      const followed = await follow(token, shop.projectId);
      const began = performance.now();
      const sessionId = globalIdOf('Session', (await sessionRow(kit.database.pool, token)).id);
      await shop.here.send(operations.SessionEndDocument, { input: { sessionId } });
      await expectClosed(followed);
      measured.push(Math.round(performance.now() - began));
    }
    process.stdout.write(
      `session ended at one gateway, closed at the other after ${measured.join(', ')} ms\n`,
    );
    expect(others).toBe('open');
    other.stop();
  });

  test('when all other sessions are ended; that of the person who asks stays', async () => {
    const shop = await openShop();
    const followed = await follow(shop.sessionToken, shop.projectId);
    const own = await follow(shop.token, shop.projectId);
    await shop.here.send(operations.SessionsEndOthersDocument, {});
    await expectClosed(followed);
    await own.hears(await createInvoice(shop.test));
    own.stop();
  });

  test('when a member is disabled', async () => {
    const shop = await openShop();
    const followed = await follow(shop.token, shop.projectId);
    const userId = await userIdOf(shop.token);
    await change(
      'UPDATE member SET disabled_at = now() WHERE user_id = $1',
      [userId],
      ofMember(shop, 'member.disabled', userId),
      () => createInvoice(shop.live),
    );
    await expectClosed(followed);
  });

  test('when a role is lowered though it still reads events, and not when one is raised', async () => {
    const shop = await openShop();
    const userId = await userIdOf(shop.token);
    const setRole = (role: string) =>
      change(
        'UPDATE member SET role = $2::text::"Role" WHERE user_id = $1',
        [userId, role],
        ofMember(shop, 'member.changed', userId),
        () => createInvoice(shop.test),
      );
    await setRole('VIEWER');
    const followed = await follow(shop.token, shop.projectId);
    await setRole('ADMIN');
    await followed.hears(await createInvoice(shop.test));
    await setRole('SUPPORT');
    await expectClosed(followed);
  });

  test('when a project is taken from a restricted member', async () => {
    const shop = await openShop();
    const userId = await userIdOf(shop.token);
    await createInvoice(shop.test);
    await kit.database.pool.query(
      `UPDATE member SET role = 'VIEWER', restricted = true, project_ids = ARRAY[$2::uuid] WHERE user_id = $1`,
      [userId, rowIdOf(shop.projectId)],
    );
    const followed = await follow(shop.token, shop.projectId);
    await change(
      'UPDATE member SET project_ids = ARRAY[]::uuid[] WHERE user_id = $1',
      [userId],
      ofMember(shop, 'member.changed', userId),
      () => createInvoice(shop.live),
    );
    await expectClosed(followed);
  });

  test('when their key is revoked; that of another key stays', async () => {
    const shop = await openShop();
    await createInvoice(shop.test);
    await createInvoice(shop.live);
    const followed = await follow(shop.testKey, shop.projectId);
    const socket = connectWebSocket(there.url, shop.liveKey);
    const events = await running(socket.iterate(operations.EventsDocument, { after: BEGINNING }));
    const { rows } = await kit.database.pool.query<{ id: string }>(
      `SELECT id FROM api_key WHERE project_id = $1 AND mode = 'TEST'`,
      [rowIdOf(shop.projectId)],
    );
    const id = rows[0]?.id ?? '';
    await change(
      'UPDATE api_key SET revoked_at = now() WHERE id = $1',
      [id],
      {
        ...userEvent('api_key.revoked', id, {}),
        merchantId: rowIdOf(shop.merchantId),
        subject: { type: 'API_KEY', id },
      },
      () => createInvoice(shop.live),
    );
    await expectClosed(followed);
    expect((await events.next()).done).not.toBe(true);
    socket.dispose();
  });
});

describe('by time alone, a socket and an event stream are closed', () => {
  test('when the session is locked, and it opens none until it is unlocked', async () => {
    const shop = await openShop();
    await stepUp(kit.database.pool, shop.token, clock.now());
    await shop.here.send(operations.PinSetDocument, { input: { pin: '0417' } });
    const followed = await follow(shop.token, shop.projectId);
    clock.advance({ seconds: 15 * 60 });
    await expectClosed(followed);
    const locked = connectSse(there.url, shop.token);
    const refused = locked.iterate(operations.EventsDocument, place(shop.projectId));
    expect(await endingCodes(refused)).toEqual(['SESSION_LOCKED']);
    await shop.here.send(operations.SessionUnlockDocument, { input: { pin: '0417' } });
    const again = await follow(shop.token, shop.projectId);
    again.stop();
  });

  test('when a PIN that somebody sets locks a session which was idle for long', async () => {
    const shop = await openShop();
    const followed = await follow(shop.sessionToken, shop.projectId);
    clock.advance({ hours: 1 });
    await stepUp(kit.database.pool, shop.token, clock.now());
    await shop.here.send(operations.PinSetDocument, { input: { pin: '0417' } });
    await expectClosed(followed);
  });

  test('when nobody did anything for six hours: open streams are no activity, mutations are', async () => {
    const shop = await openShop();
    const idle = await follow(shop.sessionToken, shop.projectId);
    const busy = await follow(shop.token, shop.projectId);
    clock.advance({ hours: 5.9 });
    // Heard by both, and answered by nobody.
    const invoice = await createInvoice(shop.test);
    await Promise.all([idle.hears(invoice), busy.hears(invoice)]);
    await shop.here.send(operations.TelegramLinkCreateDocument, { input: { bot: 'INFO' } });
    clock.advance({ hours: 0.1 });
    await expectClosed(idle);
    await busy.hears(await createInvoice(shop.test));
    clock.advance({ hours: 6 });
    await expectClosed(busy);
  });
});
