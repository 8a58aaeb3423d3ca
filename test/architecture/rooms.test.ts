import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Whether nothing of it is left when the program runs. */
  readonly typesOnly: boolean;
  /** Whether it is loaded only when it is needed. */
  readonly isLazy: boolean;
}

interface Rule {
  /** Rooms that may be imported besides the own one. */
  readonly rooms: readonly string[];
  /** Packages that may be imported; null for any. */
  readonly packages: RegExp | null;
}

const PURE = /^$/;
/** What the composition root puts together. */
const PARTS = 'domain usecases ports adapters graphql bots pages workers config generated'.split(' ');
const ROOMS: Readonly<Record<string, Rule>> = {
  domain: { rooms: [], packages: PURE },
  usecases: { rooms: ['domain'], packages: PURE },
  adapters: { rooms: ['domain', 'ports', 'generated'], packages: null },
  graphql: {
    rooms: ['domain', 'usecases', 'generated'],
    packages: /^(node:|graphql$|graphql-yoga$|@graphql-yoga\/|@envelop\/|@pothos\/|zod$)/,
  },
  bots: { rooms: ['domain', 'usecases'], packages: /^(node:|grammy$)/ },
  pages: { rooms: ['domain', 'usecases'], packages: PURE },
  workers: { rooms: ['domain', 'usecases'], packages: /^node:/ },
  config: { rooms: [], packages: /^(node:|zod$)/ },
  server: { rooms: PARTS, packages: null },
  main: { rooms: ['config', 'server'], packages: /^node:/ },
  commands: { rooms: [...PARTS, 'server'], packages: null },
  demo: { rooms: [...PARTS, 'server', 'commands'], packages: null },
};

const sourceFiles = (): string[] =>
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .map((file) => join(SRC, file));

function importsOf(file: string, text: string): Import[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse`);
  const reexports = module.staticExports.flatMap((e) => e.entries);
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      file,
      specifier: moduleRequest.value,
      typesOnly: entries.length > 0 && entries.every((entry) => entry.isType),
      isLazy: false,
    })),
    ...reexports.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ file, specifier: moduleRequest.value, typesOnly: isType, isLazy: false }] : [],
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      file,
      specifier: text.slice(start + 1, end - 1),
      typesOnly: false,
      isLazy: true,
    })),
  ];
}

/** The room of a file below src; ports are a room of their own, adapters one for each folder. */
function roomOf(file: string): string {
  const [room = '', second = ''] = relative(SRC, file).split('/');
  if (room === 'main.ts') return 'main';
  if (room === 'usecases' && second === 'ports') return 'ports';
  return room;
}

function faultOf({ file, specifier, typesOnly }: Import): string | null {
  const from = roomOf(file);
  const rule = ROOMS[from === 'ports' ? 'usecases' : from];
  if (!rule) return `${relative(SRC, file)} stands in no room`;
  const fault = `${relative(SRC, file)} imports ${specifier}`;
  if (!specifier.startsWith('.'))
    return rule.packages === null || rule.packages.test(specifier) ? null : fault;
  const target = join(dirname(file), specifier);
  const to = roomOf(target);
  const own =
    from === to || (from === 'usecases' && to === 'ports') || (from === 'ports' && to === 'usecases');
  if (own) return from === 'adapters' && folderOf(file) !== folderOf(target) ? fault : null;
  if (to === 'ports' && rule.rooms.includes('usecases')) return null;
  if (to === 'usecases' && TRANSLATORS.has(from) && !typesOnly) return fault;
  return rule.rooms.includes(to) ? null : fault;
}

/** Tens of megabytes: pictures, the list of leaked passwords, the page to try queries on. */
const HEAVY = new Set(['sharp', '@zxcvbn-ts/language-common', '@graphql-yoga/render-graphiql']);

/** Rooms that get their use cases handed in and know their types only. */
const TRANSLATORS = new Set(['graphql', 'bots', 'workers', 'pages']);

/** adapters/db, adapters/chain/evm …: one adapter. */
const folderOf = (file: string): string => relative(SRC, file).split('/').slice(0, 2).join('/');

describe('the rooms', () => {
  const files = sourceFiles();
  const imports = files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));

  test('import only what the architecture table allows', () => {
    expect(imports.map(faultOf).filter((fault) => fault !== null)).toEqual([]);
  });

  test('load at start nothing that is heavy and seldom needed', () => {
    const heavy = imports.filter(({ specifier }) => HEAVY.has(specifier));
    expect(new Set(heavy.map(({ specifier }) => specifier))).toEqual(HEAVY);
    expect(heavy.filter(({ typesOnly, isLazy }) => !typesOnly && !isLazy)).toEqual([]);
  });

  test('were all seen', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(300);
    expect(new Set(files.map(roomOf))).toEqual(new Set([...Object.keys(ROOMS), 'ports']));
  });

  test('stand in docs/architecture.md with the same names', () => {
    const page = readFileSync(join(SRC, '../docs/architecture.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (\w+) +\| `src/gm)].map(([, room]) => room);
    expect(rows).toEqual(Object.keys(ROOMS));
  });

  test.each([
    ['domain/money/planted.ts', `import pg from 'pg';`],
    ['domain/money/planted.ts', `import '../../usecases/result.ts';`],
    ['domain/money/planted.ts', `import { readFileSync } from 'node:fs';`],
    [
      'usecases/invoice/planted.ts',
      `export { createSecrets } from '../../adapters/secrets/token-secrets.ts';`,
    ],
    ['usecases/invoice/planted.ts', `const module = await import('../../graphql/core/builder.ts');`],
    ['adapters/db/planted.ts', `import type { Mailer } from '../mail/smtp-sender.ts';`],
    ['adapters/db/planted.ts', `import { userSignUp } from '../../usecases/account/user-sign-up.ts';`],
    [
      'graphql/invoice/planted.ts',
      `import { createInvoiceStore } from '../../adapters/db/invoice-store.ts';`,
    ],
    [
      'graphql/invoice/planted.ts',
      `import { invoiceCreate } from '../../usecases/invoice/invoice-create.ts';`,
    ],
    ['main.ts', `import './domain/money/money.ts';`],
    ['server/planted.ts', `import '../demo/demo.ts';`],
    ['attic/planted.ts', `import './nothing.ts';`],
  ])('a violation planted in %s is caught: %s', (file, text) => {
    expect(importsOf(join(SRC, file), text).map(faultOf)).toEqual([expect.any(String)]);
  });
});
