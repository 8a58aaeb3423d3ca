import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import mjml from 'mjml';
import { runCommand } from './run-command.ts';

const SOURCES = new URL('../adapters/messages/mail-frame/', import.meta.url);
const TEMPLATES = new URL('../adapters/messages/templates/shared/', import.meta.url);

/** By default MJML links to fonts elsewhere, which would tell somebody who reads the mail and when. */
const NO_REMOTE_FONTS = {};

/** Compiles the frame of the mails: what runs needs the written template only, and not MJML. */
await runCommand(async () => {
  for (const file of await readdir(SOURCES)) {
    const source = await readFile(new URL(file, SOURCES), 'utf8');
    const target = new URL(file.replace(/\.mjml$/, '.html.eta'), TEMPLATES);
    const written = await compile(source);
    const present = await readFile(target, 'utf8').catch(() => null);
    if (written === present) continue;
    if (process.argv.includes('--check'))
      throw new Error(`${fileURLToPath(target)} is not what ${file} says; run the schema script.`);
    await writeFile(target, written);
  }
});

async function compile(source: string): Promise<string> {
  const { html } = await mjml(source, {
    validationLevel: 'strict',
    keepComments: false,
    fonts: NO_REMOTE_FONTS,
  });
  // MJML leaves the blanks of its own source.
  return `${html
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')}\n`;
}
