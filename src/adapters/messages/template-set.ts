import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta, type TemplateFunction } from 'eta/core';
import type { TemplateValues } from './template-values.ts';

/**
 * `notice` is for what is told alike everywhere: its first line is the title, the rest plain paragraphs, and mail and
 * chat are made of it.
 */
export type TemplateFormat = 'subject' | 'text' | 'html' | 'chat' | 'sms' | 'notice';

/** The templates of one language, compiled. */
export interface TemplateSet {
  has(eventType: string, format: TemplateFormat): boolean;
  /** Throws when there is no such template. */
  render(eventType: string, format: TemplateFormat, values: TemplateValues & object): string;
}

/** `<event type>.<format>.eta`; the event type holds dots itself. */
const FILE_NAME = /^(?<name>.+)\.(?<format>subject|text|html|chat|sms|notice)\.eta$/;

/** What templates share by `layout('@layout')` or `include('@origin')`; event types have a dot. */
const isShared = (name: string): boolean => !name.includes('.');

/** Whether what is inserted is markup's business: a format is escaped unless it is known to be plain text. */
const PLAIN: ReadonlySet<string> = new Set(['subject', 'text', 'sms', 'notice']);
const isPlain = (format: string): boolean => PLAIN.has(format);

/** Reads and compiles a folder of templates. Throws on a file that is no template or does not compile. */
export function loadTemplateSet(folder: string): TemplateSet {
  const plain = new Eta({ autoEscape: false, autoTrim: false });
  const escaping = new Eta({ autoEscape: true, autoTrim: false });
  const compiled = new Map<string, TemplateFunction>();
  for (const file of readdirSync(folder)) {
    const { name, format } = FILE_NAME.exec(file)?.groups ?? {};
    if (name === undefined || format === undefined) throw new Error(`${file} is not named as a template`);
    const eta = isPlain(format) ? plain : escaping;
    const template = eta.compile(readFileSync(path.join(folder, file), 'utf8'), { filepath: file });
    compiled.set(`${name}.${format}`, template);
    if (isShared(name)) eta.loadTemplate(`@${name}`, template);
  }

  return {
    has: (eventType, format) => compiled.has(`${eventType}.${format}`),
    render(eventType, format, values) {
      const template = compiled.get(`${eventType}.${format}`);
      if (!template) throw new Error(`there is no ${format} template for ${eventType}`);
      return (isPlain(format) ? plain : escaping).render(template, values).trim();
    },
  };
}
