import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as EngineBindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { createMigrationAdapter } from './migration-adapter.ts';
import { readSchema, type MigrationFolders } from './migration-files.ts';
import { MigrationError } from './migration.errors.ts';

/** Node has it; TypeScript describes it only together with the browser's DOM. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ readonly instance: { readonly exports: Record<string, unknown> } }>;
};

const MODULE = '@prisma/schema-engine-wasm/schema_engine_bg';

/** Prisma's "tables and enums that others manage": there are none. */
export const noFilters = { externalTables: [], externalEnums: [] };

/**
 * Lends Prisma's schema engine, connected to the database, and closes its connections afterwards.
 * It is the WebAssembly build, which npm brings; the native one would have to be downloaded.
 * @throws MigrationError ENGINE for whatever the engine refuses, with its own words.
 */
export async function withSchemaEngine<T>(
  url: string,
  folders: MigrationFolders,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const adapter = createMigrationAdapter(url);
  const datamodels = readSchema(folders.schema).files.map((file): [string, string] => [
    file.path,
    file.content,
  ]);
  try {
    const engine = await SchemaEngine.new(
      { datamodels },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(adapter),
    );
    return await work(engine);
  } catch (error) {
    throw asMigrationError(error);
  } finally {
    await adapter.close();
  }
}

let loading: Promise<typeof EngineBindings> | undefined;

function loadEngine(): Promise<typeof EngineBindings> {
  return (loading ??= instantiateEngine());
}

/** The package's own entry imports the .wasm file as a module, which Node only does under a flag. */
async function instantiateEngine(): Promise<typeof EngineBindings> {
  // Without it a panic of the engine ends in "cannot read properties of undefined", here and in Prisma's own glue.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (text: string) => {
        throw new MigrationError('ENGINE', `Prisma's schema engine broke down: ${text}`);
      },
    },
  });
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = createRequire(import.meta.url)
    .resolve(MODULE)
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': importsOf(bindings),
  });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start !== 'function')
    throw new MigrationError('ENGINE', `${file} is not the schema engine expected.`);
  start();
  return bindings;
}

/** The engine's imports, with a setTimeout that does not keep the process for ten seconds after the last command. */
function importsOf(bindings: object): object {
  const timers = Object.keys(bindings).filter((name) => name.startsWith('__wbg_setTimeout_'));
  const setTimer = (callback: () => void, milliseconds: number): NodeJS.Timeout =>
    setTimeout(callback, milliseconds).unref();
  return { ...bindings, ...Object.fromEntries(timers.map((name) => [name, setTimer])) };
}

function asMigrationError(error: unknown): MigrationError {
  if (error instanceof MigrationError) return error;
  return new MigrationError('ENGINE', engineMessage(error), [], { cause: error });
}

/** What the engine says, without the stack trace of its own that it appends. */
export function engineMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\n\s+0: [\s\S]*$/, '').trim();
}
