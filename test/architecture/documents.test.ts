import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const DOCUMENTS = [
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];
const FOLDERS_OF_TESTS = readdirSync(join(ROOT, 'test'));

const namesIn = (text: string): string[] => [...text.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name ?? '');

/** A test as security.md names one: a file without its ending, or a folder that has tests. */
function isTest(name: string): boolean {
  if (existsSync(join(ROOT, 'test', `${name}.test.ts`))) return true;
  const folder = join(ROOT, 'test', name);
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.test.ts'));
}

describe('docs/security.md', () => {
  const lines = read('docs/security.md').split('\n');

  test('names tests that exist', () => {
    const named = namesIn(lines.join('\n')).filter((name) =>
      FOLDERS_OF_TESTS.includes(name.split('/', 1)[0] ?? ''),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((name) => !isTest(name))).toEqual([]);
  });

  test('gives each answer a test, or says that there is none', () => {
    const starts = lines.flatMap((line, i) =>
      /^\| threat +\| answer +\| test +\|$/.test(line) ? [i + 2] : [],
    );
    expect(starts.length).toBeGreaterThan(10);
    const rows = starts.flatMap((start) => {
      const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
      return lines.slice(start, end);
    });
    const untested = rows.filter((row) => {
      const [, , answer = '', tests = ''] = row.split('|');
      return !answer.includes('**open**') && tests.trim() !== 'no test' && !namesIn(tests).some(isTest);
    });
    expect(untested).toEqual([]);
  });
});

test.each([
  ['docs/integration.md', 10],
  ['docs/notifications.md', 1],
])('every request in %s is one of the schema', (document, atLeast) => {
  const schema = buildSchema(read('schema.graphql'));
  const blocks = [...read(document).matchAll(/^```graphql$(.*?)^```$/gms)];
  // Each operation is a request of its own.
  const requests = blocks.flatMap(([, block]) => parse(block ?? '').definitions);
  expect(requests.length).toBeGreaterThan(atLeast);
  for (const request of requests)
    expect(validate(schema, { kind: Kind.DOCUMENT, definitions: [request] })).toEqual([]);
});

test.each(DOCUMENTS)('%s leads to files and sections that exist', (document) => {
  const text = read(document).replaceAll(/^```.*?^```/gms, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
  const dead = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', section] = link.split('#', 2);
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(ROOT, target))) return true;
      return section !== undefined && !sectionsOf(read(target)).includes(section);
    });
  expect(dead).toEqual([]);
  const files = namesIn(text)
    .filter((name) => /^(src|test|docs|prisma)\/[\w./-]+$/.test(name))
    .filter((name) => !existsSync(join(ROOT, name)));
  expect(files).toEqual([]);
});

/** The names of the headings, as the link to one spells them. */
const sectionsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
