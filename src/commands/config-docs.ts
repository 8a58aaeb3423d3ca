import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Variable } from '../config/variable.ts';
import { VARIABLES } from '../config/variables.ts';
import { runCommand } from './run-command.ts';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const START = '<!-- config:start -->';
const END = '<!-- config:end -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function row([name, variable]: [string, Variable<unknown>]): string {
  const notes = [variable.requiredInProduction && 'required in production', variable.secret && 'secret'];
  const fallback = variable.shownDefault === undefined ? '' : `\`${variable.shownDefault}\``;
  return `| \`${name}\` | ${cell(variable.description)} | ${fallback} | ${notes.filter(Boolean).join(', ')} |`;
}

/** The variables as a Markdown table. */
const table = (): string =>
  [
    '| variable | what it is for | default | |',
    '|---|---|---|---|',
    ...Object.entries<Variable<unknown>>(VARIABLES).map(row),
  ].join('\n');

/** Writes the table between the README's markers, or with --check fails when another stands there. */
await runCommand(async () => {
  const readme = await readFile(README, 'utf8');
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md needs the markers ${START} and ${END}.`);
  const written = `${readme.slice(0, start + START.length)}\n\n${table()}\n\n${readme.slice(end)}`;
  if (written === readme) return;
  if (process.argv.includes('--check')) {
    throw new Error(
      'The table of variables in README.md is not what src/config says; run the generate script.',
    );
  }
  await writeFile(README, written);
});
