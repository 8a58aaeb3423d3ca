import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GOALS } from './goals.ts';
import type { BenchReport } from './harness/report.ts';

const TIMEOUT_MS = 240_000;

/** No ratio is asserted: other tests run beside this one, and time is measured by `npm run bench` alone. */
test(
  'the short bench ends, every answer is right, and every goal is measured',
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
      const measured = ratios.filter(({ value }) => value.median > 0).map(({ name }) => name);
      expect(measured).toEqual(expect.arrayContaining(GOALS.map(({ ratio }) => ratio)));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);
