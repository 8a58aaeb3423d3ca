import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { API_KEY_PREFIX } from '../../src/domain/access/api-key.ts';
import { encodeEventCursor } from '../../src/domain/event/event-cursor.ts';
import { startChild, type Child } from '../bench/harness/child-process.ts';
import { newEvent, writeEvents } from '../bus/bus-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { rounds } from '../testkit/long.ts';
import { freePort, spawnGateway, type GatewayProcess } from './gateway-process.ts';
import { hashOf } from './id-hash.ts';
import { seededRandom, type Random } from './seed.ts';
import type { OpenFollowers } from './socket-followers.ts';

const SOCKETS = rounds(600, 3_000);
const PROJECTS = rounds(6, 12);
const KILLS = rounds(1, 3);
const TRANSACTIONS = rounds(150, 400);
const GATEWAYS = 3;
const WRITERS = 3;
const CLIENT_PROCESSES = 2;

interface Shop {
  readonly merchantId: string;
  readonly projectId: string;
  readonly key: string;
}

interface Gateway {
  readonly port: number;
  process: GatewayProcess;
}

let database: TestDatabase;
let gateways: Gateway[];
let clients: Child[];
let shops: Shop[];

async function spawn(port: number): Promise<GatewayProcess> {
  const started = spawnGateway(port, {
    DATABASE_URL: database.url,
    ROLES: 'api',
    LOG_LEVEL: 'info',
    CONNECTIONS_PER_ADDRESS: '0',
    CONNECTIONS_PER_ACCOUNT: '0',
  });
  await started.ready;
  return started;
}

beforeAll(async () => {
  database = await createTestDatabase();
  // One that ends in order leaves its compiled modules to the others.
  await (await spawn(await freePort())).terminate();
  // One after the other: each has a time in which to be ready.
  gateways = [];
  while (gateways.length < GATEWAYS) {
    const port = await freePort();
    gateways.push({ port, process: await spawn(port) });
  }
  shops = await Promise.all(Array.from({ length: PROJECTS }, (_, n) => insertShop(n)));
  const file = new URL('./socket-followers.ts', import.meta.url);
  clients = await Promise.all(
    Array.from({ length: CLIENT_PROCESSES }, () => startChild(file, { place: 'load' })),
  );
}, 180_000);
afterAll(async () => {
  await Promise.all(clients.map((child) => child.stop()));
  await Promise.all(gateways.map((gateway) => gateway.process.kill()));
  await database.drop();
});

/** A project of a merchant of its own, with a key that may follow its events. */
async function insertShop(n: number): Promise<Shop> {
  const [merchantId, projectId] = [v7(), v7()];
  const key = `${API_KEY_PREFIX.SECRET_LIVE}follows-project-${n}-${v7()}`;
  await database.pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'PERSONAL', now())`,
    [merchantId],
  );
  await database.pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Shop', 'ACTIVE', 3600, now())`,
    [projectId, merchantId],
  );
  await database.pool.query(
    `INSERT INTO api_key (id, merchant_id, project_id, mode, kind, scopes, name, prefix, token_hash, created_at)
     VALUES ($1, $2, $3, 'LIVE', 'SECRET', '{event:read,invoice:read}', 'shop', 'shop', $4, now())`,
    [v7(), merchantId, projectId, createHash('sha256').update(key).digest()],
  );
  return { merchantId, projectId, key };
}

/** Writes in transactions that overlap, each with events of several projects, as any process of a gateway does. */
async function write(random: Random, progress: { written: number }): Promise<void> {
  const client = await database.pool.connect();
  try {
    while (progress.written < TRANSACTIONS) {
      progress.written += 1;
      await client.query('BEGIN');
      for (let n = random.below(4); n >= 0; n -= 1) {
        const { merchantId, projectId } = shops[random.below(shops.length)] ?? {};
        await writeEvents(
          client,
          newEvent({ merchantId: merchantId ?? null, projectId: projectId ?? null, mode: 'LIVE' }),
        );
        await delay(random.below(8));
      }
      await client.query('COMMIT');
      await client.query('NOTIFY paybell_event');
    }
  } finally {
    client.release();
  }
}

/** The ids of each project in the order that readers follow. */
async function committed(): Promise<string[][]> {
  const { rows } = await database.pool.query<{ id: string; project_id: string }>(
    'SELECT id, project_id FROM event ORDER BY txid, seq',
  );
  return shops.map(({ projectId }) => rows.filter((row) => row.project_id === projectId).map(({ id }) => id));
}

const ask = <T>(method: string, argument?: unknown): Promise<T[]> =>
  Promise.all(clients.map((child) => child.call<T>(method, argument)));

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

async function connected(): Promise<{ open: number; cuts: number }> {
  const all = await ask<{ open: number; cuts: number }>('connected');
  return { open: sum(all.map(({ open }) => open)), cuts: sum(all.map(({ cuts }) => cuts)) };
}

const everybody = (): Promise<boolean> =>
  vi.waitUntil(async () => (await connected()).open === SOCKETS, { timeout: 60_000, interval: 20 });

async function openSockets(): Promise<void> {
  const each = SOCKETS / PROJECTS / CLIENT_PROCESSES;
  const options: OpenFollowers = {
    urls: gateways.map(({ process: { url } }) => url),
    projects: shops.map(({ key }) => ({ key, clients: each })),
    after: encodeEventCursor({ txid: 0n, seq: 0n }),
  };
  await ask('open', options);
  await everybody();
}

/** Kills one of the processes and waits until all clients are connected to the others; gives the milliseconds. */
async function kill(victim: Gateway): Promise<number> {
  const before = await connected();
  const began = performance.now();
  await victim.process.kill();
  await vi.waitUntil(async () => (await connected()).cuts > before.cuts, { timeout: 10_000, interval: 10 });
  await everybody();
  return Math.round(performance.now() - began);
}

const running = (): Gateway[] => gateways.filter((gateway) => gateway.process.running());

/** Megabytes that each gateway process holds. */
const memory = (): Promise<number[]> =>
  Promise.all(
    running().map(async ({ process: { url } }) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const [, bytes = '0'] = /^process_resident_memory_bytes (\S+)$/m.exec(text) ?? [];
      return Math.round(Number(bytes) / 1024 / 1024);
    }),
  );

test('many sockets over three processes, one of which is killed: each has each event once and in order', async () => {
  const random = seededRandom();
  const resumed: number[] = [];
  const progress = { written: 0 };
  const atRest = await memory();
  const writing = Promise.all(Array.from({ length: WRITERS }, () => write(random, progress)));
  await openSockets();
  const open = await memory();
  const first = random.below(GATEWAYS);
  for (let kills = 1; kills <= KILLS; kills += 1) {
    await vi.waitUntil(() => progress.written >= (TRANSACTIONS * kills) / (KILLS + 1), { timeout: 120_000 });
    // The next in turn: those who are cut go there, and one that has just come back has nobody.
    const victim = gateways[(first + kills) % GATEWAYS];
    if (!victim) throw new Error('no gateway');
    resumed.push(await kill(victim));
    if (kills < KILLS) victim.process = await spawn(victim.port);
  }
  await writing;
  const began = performance.now();
  const expected = await committed();
  const counts = expected.map(({ length }) => length);
  const complete = async () => sum(await ask<number>('complete', counts));
  await vi.waitUntil(async () => (await complete()) === SOCKETS, { timeout: 120_000, interval: 50 });
  const caughtUp = Math.round(performance.now() - began);

  expect((await ask<string[]>('faults')).flat()).toEqual([]);
  const hashes = expected.map((ids) => [hashOf(ids)]);
  expect(await ask('told')).toEqual(Array.from({ length: CLIENT_PROCESSES }, () => hashes));
  const { cuts } = await connected();
  expect(cuts).toBeGreaterThanOrEqual((KILLS * SOCKETS) / gateways.length / 2);
  process.stdout.write(
    `${SOCKETS} sockets, ${sum(counts)} events of ${PROJECTS} projects, ${KILLS} kills: all connected again after ` +
      `${resumed.join(', ')} ms (${cuts} cuts), the last event with everybody ${caughtUp} ms after its commit; ` +
      `MB a process at rest ${atRest.join(', ')}, with sockets ${open.join(', ')}, at the end ${(await memory()).join(', ')}\n`,
  );
}, 300_000);
