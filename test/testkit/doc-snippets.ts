import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const BLOCK = /^```ts(?: +(\S+))?\n(.*?)^```$/gms;
const PATIENCE_MS = 20_000;

/** A snippet that runs as a program of its own. */
export interface RunningSnippet {
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** The first line that matches. Throws with all that was printed when the program ends or is silent for too long. */
  line(matches: RegExp | string): Promise<string>;
  /** Resolves with its exit code, or null when it was stopped. */
  readonly ended: Promise<number | null>;
  /** kill -9, as a closed laptop does it. */
  stop(): Promise<void>;
}

export interface DocSnippets {
  /** The files that the document names, in its order. */
  readonly names: readonly string[];
  /** Runs one of them by Node with nothing but this environment. */
  start(name: string, env: Readonly<Record<string, string>>): RunningSnippet;
  /** Ends what still runs and removes the files. */
  remove(): Promise<void>;
}

/**
 * The programs in a document of docs/: blocks that begin with "```ts a-name.ts". All of one document lie in one folder
 * inside the project, so that they can import one another by name, and the packages that the project has. Throws where
 * a block has no name: it would be run by nobody.
 */
export function extractSnippets(document: string): DocSnippets {
  const markdown = readFileSync(join(ROOT, 'docs', document), 'utf8');
  const blocks = [...markdown.matchAll(BLOCK)].map(([, name, code = '']) => ({ name, code }));
  const folder = mkdtempSync(join(ROOT, '.snippets-'));
  const running = new Set<RunningSnippet>();
  const names = blocks.map(({ name, code }) => {
    if (!name?.endsWith('.ts'))
      throw new Error(`a block of ${document} has no file name: ${code.slice(0, 80)}`);
    writeFileSync(join(folder, name), code);
    return name;
  });
  return {
    names,
    start(name, env) {
      if (!names.includes(name)) throw new Error(`${document} has no block ${name}`);
      const snippet = startProgram(join(folder, name), env);
      running.add(snippet);
      return snippet;
    },
    async remove() {
      await Promise.all([...running].map((snippet) => snippet.stop()));
      rmSync(folder, { recursive: true });
    },
  };
}

function startProgram(file: string, env: Readonly<Record<string, string>>): RunningSnippet {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const complaints = text(child.stderr);
  let over = false;
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    over = true;
    return code ?? null;
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    lines,
    ended,
    stop,
    async line(matches) {
      const find = () =>
        lines.find((line) => (typeof matches === 'string' ? line === matches : matches.test(line)));
      await vi
        .waitUntil(() => over || find() !== undefined, { timeout: PATIENCE_MS, interval: 20 })
        .catch(() => undefined);
      const found = find();
      if (found !== undefined) return found;
      await stop();
      throw new Error(`${file} did not print ${matches}, but\n${lines.join('\n')}\n${await complaints}`);
    },
  };
}
