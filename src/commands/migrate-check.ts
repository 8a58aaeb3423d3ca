// npm run migrate:check: fails unless the migrations apply and give exactly what the Prisma schema says.
import { missingMigration } from '../adapters/db/migrate/check-migrations.ts';
import { deployMigrations } from '../adapters/db/migrate/deploy-migrations.ts';
import { runCommand } from './run-command.ts';
import { withThrowawayPostgres } from './throwaway-postgres.ts';

await runCommand(() =>
  withThrowawayPostgres(async (url) => {
    const applied = await deployMigrations(url);
    const missing = await missingMigration(url);
    if (missing !== undefined) {
      throw new Error(
        `The Prisma schema and the migrations differ. Run npm run migrate:new <name>. What is missing:\n\n${missing}`,
      );
    }
    console.log(`The ${applied.length} migrations apply and give what the Prisma schema says.`);
  }),
);
