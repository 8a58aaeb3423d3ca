import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** One core for the server under test, another one for PostgreSQL and the clients. */
export const SERVER_CORE = 1;
export const LOAD_CORE = 0;

/** Of util-linux; nothing depends on it. */
const TASKSET = 'taskset';

const hasTaskset = spawnSync(TASKSET, ['--version']).status === 0;

/** Whether processes are kept on their cores; where they are not, the ratios are noisier but mean the same. */
export const isPinning = hasTaskset && availableParallelism() >= 2;

/** The command, kept on a core where that is possible. */
export const pinned = (core: number, command: readonly string[]): readonly string[] =>
  isPinning ? [TASKSET, '--cpu-list', String(core), ...command] : command;

/** Keeps this process, and what it starts from now on, on the load's core. */
export function pinThisProcess(): void {
  if (isPinning)
    spawnSync(TASKSET, ['--all-tasks', '--cpu-list', '--pid', String(LOAD_CORE), String(process.pid)]);
}
