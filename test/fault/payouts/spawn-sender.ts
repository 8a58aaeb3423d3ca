import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { SenderOrder } from './sender-process.ts';

export interface SpawnedSender {
  /** One round, business time being so many milliseconds ahead; false when the process died in it. */
  round(aheadMs: number): Promise<boolean>;
  end(): Promise<void>;
}

interface Said {
  readonly ready?: boolean;
  readonly done?: boolean;
  readonly fault?: string;
  readonly message?: string;
  readonly error?: string;
}

/** A sender as a process of its own, which ends itself by kill -9 at its step. */
export function spawnSender(order: SenderOrder): SpawnedSender {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'sender-process.ts')], {
    env: { NODE_ENV: 'test', NODE_NO_WARNINGS: '1', SENDER_ORDER: JSON.stringify(order) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => undefined);
  const gone = once(child, 'exit').then(([code, signal]): Said => {
    if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the sender ended with ${String(code)}`);
    return {};
  });
  gone.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Said> => {
    const { value, done } = await lines.next();
    return done ? await gone : (JSON.parse(value) as Said);
  };
  const ready = next();
  ready.catch(() => undefined);
  return {
    async round(aheadMs) {
      await ready;
      child.stdin.write(`${aheadMs}\n`);
      for (;;) {
        const said = await next();
        if (said.error !== undefined) throw new Error(`the sender said: ${said.error}`);
        if (said.fault !== undefined && said.fault !== 'ChainUnavailable') throw new Error(said.message);
        if (said.done) return true;
        if (!said.ready) return false;
      }
    },
    async end() {
      child.kill('SIGKILL');
      await gone.catch(() => undefined);
    },
  };
}
