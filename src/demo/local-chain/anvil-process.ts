import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

export interface AnvilProcess {
  readonly rpcUrl: string;
  /** Ends the node; leaves no process. Safe to repeat. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 20_000;

/**
 * Starts anvil (from npm) on a free port of 127.0.0.1 and waits until it listens.
 * Throws Error when the platform has no build of it or it does not start.
 */
export async function startAnvil(args: readonly string[]): Promise<AnvilProcess> {
  const child = spawn(binaryPath(), ['--host', '127.0.0.1', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const watchdog = killWhenParentDies(child);
  const stop = () => end(child, watchdog);
  try {
    return { rpcUrl: `http://${await listeningAddress(child)}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The program itself. The package's own command is a wrapper script, and killing that leaves the node running.
 */
function binaryPath(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const [os, suffix] = process.platform === 'win32' ? ['win32', '.exe'] : [process.platform, ''];
  const fromWrapper = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'));
  return fromWrapper.resolve(`@foundry-rs/anvil-${os}-${arch}/bin/anvil${suffix}`);
}

/** Anvil says where it listens once it answers; with port 0 that is the only way to know. */
function listeningAddress(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => reject(new Error('anvil did not start in time')), START_DEADLINE_MS);
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`anvil ended with code ${code} before it listened`)));
  if (child.stdout) {
    // The lines after the address are read too and dropped: a full pipe would stop the node.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /^Listening on (\S+)$/.exec(line)?.[1];
      if (address) resolve(address);
    });
  }
  return promise.finally(() => clearTimeout(timer));
}

/** A shell whose standard input ends with this process, even by kill -9, and which then kills the node. */
export function killWhenParentDies(child: ChildProcess): ChildProcess | null {
  if (process.platform === 'win32' || child.pid === undefined) return null;
  const script = 'read -r _; kill -9 "$0" 2>/dev/null';
  return spawn('/bin/sh', ['-c', script, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
}

async function end(child: ChildProcess, watchdog: ChildProcess | null): Promise<void> {
  // The watchdog goes first: later the node's process id may belong to somebody else.
  if (watchdog) await kill(watchdog);
  await kill(child);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
