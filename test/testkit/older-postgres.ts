import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { chooseServerUser, giveTo } from '../../src/adapters/db/embedded/server-user.ts';
import { freePort } from './free-port.ts';

/** Where Debian puts the versions that it packages. */
const PACKAGED = '/usr/lib/postgresql';
const SUPPORTED = new Set(['15', '16', '17']);

/** The programs of a supported PostgreSQL older than the embedded one; null where none is installed. */
export function findOlderPostgres(): string | null {
  if (!existsSync(PACKAGED)) return null;
  const version = readdirSync(PACKAGED).find((name) => SUPPORTED.has(name));
  const folder = version && path.join(PACKAGED, version, 'bin');
  return folder && existsSync(path.join(folder, 'postgres')) ? folder : null;
}

export interface OlderPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A throwaway server of the programs in `folder`. */
export async function startOlderPostgres(folder: string): Promise<OlderPostgres> {
  const user = chooseServerUser();
  const home = mkdtempSync(path.join(tmpdir(), 'paybell-older-'));
  chmodSync(home, 0o700);
  giveTo(user, home);
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  const data = path.join(home, 'data');
  execFileSync(
    path.join(folder, 'initdb'),
    ['-D', data, '-U', 'paybell', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      ...as,
      cwd: '/',
      stdio: 'ignore',
    },
  );
  const port = await freePort();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'];
  const server = spawn(path.join(folder, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...as,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(server);
  const url = `postgresql://paybell@127.0.0.1:${port}`;
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  await client.query('CREATE DATABASE paybell');
  await client.end();
  return {
    url: `${url}/paybell`,
    async stop() {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Waits for the line by which PostgreSQL says that it takes connections. */
async function ready(server: ChildProcess): Promise<void> {
  for await (const chunk of server.stderr ?? []) {
    if (String(chunk).includes('ready to accept connections')) {
      server.stderr?.resume();
      return;
    }
  }
  throw new Error('the older PostgreSQL did not start');
}
