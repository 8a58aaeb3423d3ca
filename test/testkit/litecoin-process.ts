import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killWhenParentDies } from '../../src/demo/local-chain/anvil-process.ts';
import { freePort } from './free-port.ts';

/**
 * Whether Litecoin Core is here (Debian package litecoind). Says loudly when it is not, and throws where everything is
 * required.
 */
export function litecoindIsHere(): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const isHere = folders.some((folder) => existsSync(path.join(folder, 'litecoind')));
  if (isHere) return true;
  if (process.env['REQUIRE_ALL']) throw new Error('REQUIRE_ALL: litecoind must be installed');
  process.stderr.write('SKIPPED: litecoind was not found\n');
  return false;
}

export type LitecoinChain = 'regtest' | 'test';

export interface LitecoinProcess {
  /** With the credentials in it. */
  readonly rpcUrl: string;
  readonly user: string;
  readonly password: string;
  /** Written by the node at each start. */
  readonly cookieFile: string;
  /** Starts the node, on the same port and folder as before. Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it in order: it writes its pool of transactions to the disk. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
  /** One JSON-RPC call. Throws Error with the node's words. */
  call<T>(method: string, ...params: readonly unknown[]): Promise<T>;
  /** The same, to one of several wallets. */
  walletCall<T>(wallet: string, method: string, ...params: readonly unknown[]): Promise<T>;
}

const START_DEADLINE_MS = 30_000;

/** Litecoin Core on loopback, without peers, in a folder of its own. */
export async function startLitecoinProcess(chain: LitecoinChain = 'regtest'): Promise<LitecoinProcess> {
  const home = mkdtempSync(path.join(tmpdir(), 'paybell-litecoin-'));
  const port = await freePort();
  const [user, password] = ['paybell', randomBytes(16).toString('hex')];
  let running: { readonly node: ChildProcess; readonly watchdog: ChildProcess | null } | null = null;

  const ask = async <T>(place: string, method: string, params: readonly unknown[]): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}/${place}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      body: JSON.stringify({ id: 0, method, params }),
    });
    const answer = (await response.json()) as { result: T; error: { message: string } | null };
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  };
  const call = <T>(method: string, ...params: readonly unknown[]): Promise<T> => ask('', method, params);

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!running) return;
    const { node, watchdog } = running;
    running = null;
    watchdog?.kill('SIGKILL');
    if (node.exitCode !== null || node.signalCode !== null) return;
    const exited = once(node, 'exit');
    node.kill(signal);
    await exited;
  };

  const started: LitecoinProcess = {
    rpcUrl: `http://${user}:${password}@127.0.0.1:${port}`,
    user,
    password,
    cookieFile: path.join(home, ...(chain === 'test' ? ['testnet4'] : ['regtest']), '.cookie'),
    call,
    walletCall: (wallet, method, ...params) => ask(`wallet/${wallet}`, method, params),
    async start() {
      // Debian's wrapper replaces itself by the program; it writes a configuration into the home folder.
      const node = spawn('litecoind', args(chain, home, port, rpcAuth(user, password)), {
        env: { ...process.env, HOME: home },
        stdio: 'ignore',
      });
      running = { node, watchdog: killWhenParentDies(node) };
      await answers(() => call('getblockcount'), node);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
  await started.start();
  return started;
}

const args = (chain: LitecoinChain, home: string, port: number, auth: string): string[] => [
  chain === 'test' ? '-testnet' : '-regtest',
  `-datadir=${home}`,
  '-server',
  '-listen=0',
  '-connect=0',
  '-dnsseed=0',
  '-txindex=0',
  '-printtoconsole=0',
  '-fallbackfee=0.0002',
  '-keypool=20',
  // BIP-125; Bitcoin Core does so by default.
  '-mempoolreplacement=1',
  '-dbcache=16',
  '-rpcbind=127.0.0.1',
  '-rpcallowip=127.0.0.1',
  `-rpcport=${port}`,
  // Unlike -rpcpassword it leaves the cookie in place.
  `-rpcauth=${auth}`,
];

/** As share/rpcauth/rpcauth.py of Bitcoin Core makes it. */
function rpcAuth(user: string, password: string): string {
  const salt = randomBytes(16).toString('hex');
  return `${user}:${salt}$${createHmac('sha256', salt).update(password).digest('hex')}`;
}

/** Until the node has loaded its chain it does not listen or answers with an error. */
async function answers(ask: () => Promise<unknown>, node: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (node.exitCode !== null)
        throw new Error(`litecoind ended with code ${node.exitCode}`, { cause: error });
      if (performance.now() > deadline) throw new Error('litecoind did not start in time', { cause: error });
      await delay(25);
    }
  }
}
