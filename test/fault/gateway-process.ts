import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What `npm start` runs. It keeps the compiled modules, which saves a third of a start; kill -9 leaves them unkept. */
const ARGUMENTS = [
  '--import',
  path.join(ROOT, 'src/commands/prepare-node.mjs'),
  path.join(ROOT, 'src/main.ts'),
];
const START_DEADLINE_MS = 30_000;

export interface GatewayExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds from the signal to the end. */
  readonly tookMs: number;
}

export interface GatewayProcess {
  readonly url: string;
  /** Resolves with the milliseconds from the start until it said that it is ready. Rejects when it ends before. */
  readonly ready: Promise<number>;
  running(): boolean;
  /** The lines of its log, parsed; the end of it tells most when a test fails. */
  readonly log: readonly LogLine[];
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<GatewayExit>;
  /** SIGTERM; resolves when the process is gone. */
  terminate(): Promise<GatewayExit>;
  /** SIGSTOP: it stands still, and its connections stay open. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
}

export interface LogLine {
  readonly level?: string;
  readonly msg?: string;
}

/** `npm start` as a process of its own, on the fixed `port`, with nothing but the given environment. */
export function spawnGateway(port: number, env: Readonly<Record<string, string>>): GatewayProcess {
  const begun = performance.now();
  const child = spawn(process.execPath, ARGUMENTS, {
    cwd: ROOT,
    env: { NODE_ENV: 'test', ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log: LogLine[] = [];
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const ready = Promise.withResolvers<number>();
  // Who kills a process while it starts does not wait for it.
  ready.promise.catch(() => undefined);
  child.once('exit', (code, signal) => ready.reject(new Error(`the gateway ended with ${code ?? signal}`)));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const entry = parseLine(line);
    log.push(entry);
    if (entry.msg === 'Paybell is ready') ready.resolve(performance.now() - begun);
  });
  const end = (signal: NodeJS.Signals) => endBy(child, running, signal);
  return {
    url: `http://127.0.0.1:${port}`,
    ready: within(ready.promise, START_DEADLINE_MS),
    running,
    log,
    kill: () => end('SIGKILL'),
    terminate: () => end('SIGTERM'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

async function endBy(
  child: ChildProcess,
  running: () => boolean,
  signal: NodeJS.Signals,
): Promise<GatewayExit> {
  const begun = performance.now();
  if (running()) {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
  return { code: child.exitCode, signal: child.signalCode, tookMs: performance.now() - begun };
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}

function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const giveUp = new AbortController();
  const late = delay(milliseconds, undefined, { signal: giveUp.signal, ref: false }).then(() => {
    throw new Error(`the gateway was not ready within ${milliseconds} ms`);
  });
  const first = Promise.race([promise, late]).finally(() => giveUp.abort());
  first.catch(() => undefined);
  return first;
}

/** A port that is free now, for a server that must come back at the same address. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
