import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta, type TemplateFunction } from 'eta/core';
import { FRAME_FILE } from './frame-words.ts';

/**
 * `notice`: the first line is the title, the rest plain paragraphs; mail and chat are made of it. `sms`: plain text.
 * `html` and `chat` are forms that notices are put into, for every language.
 */
export type TemplateFormat = 'notice' | 'sms' | 'html' | 'chat';

/** The templates of one folder, compiled. */
export interface TemplateSet {
  has(name: string, format: TemplateFormat): boolean;
  /** Throws when there is no such template. */
  render(name: string, format: TemplateFormat, values: object): string;
}

/** `<event type>.<format>.eta`; the event type holds dots itself. */
const FILE_NAME = /^(?<name>.+)\.(?<format>notice|sms|html|chat)\.eta$/;

/** What templates share by `layout('@layout')` or `include('@origin')`; event types have a dot. */
const isShared = (name: string): boolean => !name.includes('.');

/** What is inserted is escaped unless the format is known to be plain text. */
const PLAIN: ReadonlySet<string> = new Set(['sms', 'notice']);
const isPlain = (format: string): boolean => PLAIN.has(format);

/** Reads and compiles a folder of templates. Throws on a file that is no template or does not compile. */
export function loadTemplateSet(folder: string): TemplateSet {
  const plain = new Eta({ autoEscape: false, autoTrim: false });
  const escaping = new Eta({ autoEscape: true, autoTrim: false });
  const compiled = new Map<string, TemplateFunction>();
  for (const file of readdirSync(folder)) {
    if (file === FRAME_FILE) continue;
    const { name, format } = FILE_NAME.exec(file)?.groups ?? {};
    if (name === undefined || format === undefined) throw new Error(`${file} is not named as a template`);
    const eta = isPlain(format) ? plain : escaping;
    const template = eta.compile(readFileSync(path.join(folder, file), 'utf8'), { filepath: file });
    compiled.set(`${name}.${format}`, template);
    if (isShared(name)) eta.loadTemplate(`@${name}`, template);
  }

  return {
    has: (name, format) => compiled.has(`${name}.${format}`),
    render(name, format, values) {
      const template = compiled.get(`${name}.${format}`);
      if (!template) throw new Error(`there is no ${format} template for ${name}`);
      return (isPlain(format) ? plain : escaping).render(template, values).trim();
    },
  };
}
