import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Writes src/generated: Prisma's client, the Pothos types and, where the development dependencies are, the typed
 * GraphQL documents. Generating needs no schema engine, but Prisma would download one: any existing path stops it.
 */
const withoutEngine = {
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
};

function run(program: string, ...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, ...args], {
    env: withoutEngine,
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(stdout, stderr, error ?? '');
  console.error(`${program} failed`);
  process.exit(1);
}

run('node_modules/prisma/build/index.js', 'generate');
const codegen = 'node_modules/@graphql-codegen/cli/esm/bin.js';
if (existsSync(codegen)) run(codegen, '--config', 'codegen.ts');
