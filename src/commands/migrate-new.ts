// npm run migrate:new <name>: writes the migration that the Prisma schema asks for.
import { createMigration } from '../adapters/db/migrate/create-migration.ts';
import { runCommand } from './run-command.ts';
import { withThrowawayPostgres } from './throwaway-postgres.ts';

await runCommand(async () => {
  const name = process.argv[2];
  if (name === undefined) throw new Error('Say what the migration does: npm run migrate:new add_payout');
  const folder = await withThrowawayPostgres((url) => createMigration(url, name, new Date()));
  console.log(
    folder === undefined
      ? 'The migrations already give what the Prisma schema says; nothing was written.'
      : `Written: prisma/migrations/${folder}/migration.sql. Read it before you commit it.`,
  );
});
