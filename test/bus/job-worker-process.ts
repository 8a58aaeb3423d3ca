/** A process of its own that takes a job and never ends it, so that a test can kill it. Argument: database URL. */
import { z } from 'zod';
import { defineJob } from '../../src/adapters/jobs/job.ts';
import { startJobRunner } from '../../src/adapters/jobs/job-runner.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const stuck = defineJob({
  name: 'stuck',
  schema: z.object({ n: z.number() }),
  run: () => {
    process.stdout.write('running\n');
    return new Promise(() => undefined);
  },
});
const [, , connectionString = ''] = process.argv;
await startJobRunner({ connectionString, lanes: [{ jobs: [stuck], concurrency: 1 }], logger: silent });
