import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GOALS } from './goals.ts';
import type { BenchReport } from './harness/report.ts';

const TIMEOUT_MS = 240_000;

/** The best round counts: other tests run beside this one, and a floor is for what broke, not for noise. */
test(
  'the short bench ends, every answer is right, and no ratio is below its floor',
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'paybell-bench-result-'));
    try {
      const file = path.join(folder, 'short.json');
      const bench = path.join(import.meta.dirname, 'bench.ts');
      await promisify(execFile)(process.execPath, [bench, '--short', '--out', file], {
        timeout: TIMEOUT_MS,
        env: { PATH: process.env['PATH'] },
      });
      const { ratios } = JSON.parse(await readFile(file, 'utf8')) as BenchReport;
      const best = Object.fromEntries(ratios.map(({ name, value }) => [name, value]));

      const fallen = GOALS.filter(({ ratio, floor }) => !((best[ratio]?.max ?? 0) >= floor));
      expect(fallen.map(({ ratio, floor }) => ({ ratio, floor, measured: best[ratio] }))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);
