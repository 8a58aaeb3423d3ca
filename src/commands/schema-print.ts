// Writes schema.graphql; with --check fails when the committed one is not what the code says.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { buildSchema } from '../graphql/core/schema.ts';
import { runCommand } from './run-command.ts';

const FILE = fileURLToPath(new URL('../../schema.graphql', import.meta.url));

await runCommand(async () => {
  const printed = `${printSchema(buildSchema())}\n`;
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, printed);
    return;
  }
  const committed = await readFile(FILE, 'utf8').catch(() => '');
  if (committed !== printed) {
    throw new Error('schema.graphql is not what the code says; run the generate script and commit it.');
  }
});
