// npm run migrate:deploy: applies what DATABASE_URL does not have yet, the tables of the job queue included.
import { deployMigrations } from '../adapters/db/migrate/deploy-migrations.ts';
import { migrateJobs } from '../adapters/jobs/job-migrations.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('Set DATABASE_URL to the database that is to be migrated.');
  const applied = await deployMigrations(url);
  await migrateJobs(url, { info: () => undefined, warn: console.warn, error: console.error });
  for (const name of applied) console.log(`Applied ${name}`);
  if (applied.length === 0) console.log('Nothing to apply: the database is up to date.');
});
