import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LOAD_CORE, pinned, SERVER_CORE } from './cores.ts';

/** A process of the bench that answers questions. */
export interface Child {
  /** Runs a handler of the child. Throws what the handler threw, and when the child ends before it answers. */
  call<Answer>(method: string, argument?: unknown): Promise<Answer>;
  /** Asks it to end and waits until it is gone. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** Servers have a core of their own; clients share the other one with PostgreSQL. */
  readonly place: 'server' | 'load';
  readonly env?: Readonly<Record<string, string>>;
  /** Folder for a CPU profile of the whole run. */
  readonly profileTo?: string | undefined;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts `file`, which answers through `answerParent`, and waits until it is ready. It ends with this process. */
export async function startChild(file: URL, options: ChildOptions): Promise<Child> {
  const profile = options.profileTo ? ['--cpu-prof', `--cpu-prof-dir=${options.profileTo}`] : [];
  const [command = process.execPath, ...args] = pinned(options.place === 'server' ? SERVER_CORE : LOAD_CORE, [
    process.execPath,
    ...profile,
    fileURLToPath(file),
  ]);
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const exited = once(child, 'exit');
  const calls = openCalls(child);
  await calls.call('ready');
  return {
    call: (method, argument) => calls.call(method, argument),
    async stop() {
      if (child.exitCode === null && child.connected) child.disconnect();
      await exited;
    },
  };
}

function openCalls(child: ChildProcess) {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on('message', ({ id, value, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value as never);
    else call?.reject(new Error(error));
  });
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values())
      reject(new Error(`a child process ended (${signal ?? code}) before it answered`));
  });
  return {
    call: <T>(method: string, argument?: unknown): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        child.send({ id, method, argument });
      }),
  };
}
