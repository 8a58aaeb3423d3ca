import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/adapters/db/embedded/embedded-postgres.ts';
import { canReach } from '../../src/adapters/db/embedded/server-user.ts';
import { EmbeddedPostgresError } from '../../src/adapters/db/embedded/embedded-postgres.errors.ts';

const starter = path.join(import.meta.dirname, 'embedded-starter.ts');
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
/** A clone below /root can be entered by root alone: nobody else could run anything in it. */
const isOpenToOthers = canReach({ name: 'nobody', uid: NOBODY, gid: NOBODY }, starter);
let parent: string;
let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'paybell-embedded-'));
  chmodSync(parent, 0o755);
  dataDir = path.join(parent, 'postgres');
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  // Joins what a killed process left, if anything, and as the last user ends it.
  if (existsSync(path.join(dataDir, 'cluster'))) await (await start()).stop();
  await rm(parent, { recursive: true });
});

function start(): ReturnType<typeof startEmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, fsync: false });
}

function spawnStarter(identity: { uid?: number; gid?: number } = {}): ChildProcess {
  const child = spawn(process.execPath, [starter, dataDir], {
    ...identity,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

async function started(child: ChildProcess): Promise<{ url: string; pid: number }> {
  if (!child.stdout) throw new Error('The child has no output.');
  for await (const line of createInterface(child.stdout))
    return JSON.parse(line) as { url: string; pid: number };
  throw new Error('The child ended without a server.');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.stdin?.end();
  await exit;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('several processes', () => {
  test('that start at once on a fresh folder share one server, which goes with the last of them', async () => {
    const one = spawnStarter();
    const other = spawnStarter();
    const [first, second] = await Promise.all([started(one), started(other)]);
    expect(second).toEqual(first);
    await stop(one);
    expect(await query(first.url, 'SELECT current_database() AS name')).toEqual([{ name: 'paybell' }]);
    await stop(other);
    await expect(query(first.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('use one server although the one that started it was killed', async () => {
    const child = spawnStarter();
    const first = await started(child);
    await kill(child);
    const server = await start();
    expect(server.pid).toBe(first.pid);
    await server.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('one of which stops twice: the other keeps its server', async () => {
    const one = await start();
    const other = await start();
    await Promise.all([one.stop(), one.stop()]);
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await other.stop();
  });
});

describe('kill -9', () => {
  test.each([
    ['while initdb runs', () => readdirSync(dataDir).some((name) => name.startsWith('init-'))],
    ['when the cluster is in place', () => existsSync(path.join(dataDir, 'cluster'))],
    ['while the server comes up', () => existsSync(path.join(dataDir, 'cluster', 'postmaster.pid'))],
  ])('of the starting process %s leaves nothing half done', async (_moment, reached) => {
    const child = spawnStarter();
    await vi.waitUntil(() => existsSync(dataDir) && reached(), { interval: 1, timeout: 20_000 });
    await kill(child);
    const server = await start();
    expect(await query(server.url, 'SELECT current_database() AS name')).toEqual([{ name: 'paybell' }]);
    await server.stop();
    expect(readdirSync(dataDir).toSorted()).toEqual(['cluster', 'port', 'postgres.log', 'start.lock']);
  });

  test('of the server keeps what was committed, and the next one answers at the same address', async () => {
    const before = await start();
    await query(before.url, 'CREATE TABLE kept AS SELECT 42 AS value');
    process.kill(before.pid, 'SIGKILL');
    await vi.waitUntil(() => !isRunning(before.pid), { interval: 5 });
    const after = await start();
    expect(after.pid).not.toBe(before.pid);
    expect(after.url).toBe(before.url);
    expect(await query(after.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
    await before.stop();
    expect(await query(after.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
    await after.stop();
  });

  test('and the number of the killed server given to another program', async () => {
    await (await start()).stop();
    const stale = [
      process.pid,
      path.join(dataDir, 'cluster'),
      1_700_000_000,
      5432,
      '',
      '127.0.0.1',
      '',
      'ready',
    ];
    writeFileSync(path.join(dataDir, 'cluster', 'postmaster.pid'), `${stale.join('\n')}\n`);
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });
});

describe('users', () => {
  test.runIf(isRoot && isOpenToOthers)('works for one who is not root', async () => {
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const child = spawnStarter({ uid: NOBODY, gid: NOBODY });
    const { url } = await started(child);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stop(child);
    await rm(dataDir, { recursive: true });
  });

  test.runIf(isRoot)('as root, names the folder that PostgreSQL may not enter', async () => {
    chmodSync(parent, 0o700);
    await expect(start()).rejects.toThrow(EmbeddedPostgresError);
    await expect(start()).rejects.toThrow(`The folder ${parent} cannot be entered by the user`);
    expect(existsSync(path.join(dataDir, 'cluster'))).toBe(false);
  });

  test('nobody gets in without the password', async () => {
    const server = await start();
    const stranger = new URL(server.url);
    stranger.password = 'guessed';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });
});
