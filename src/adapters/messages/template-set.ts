import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta, type TemplateFunction } from 'eta/core';
import type { TemplateValues } from './template-values.ts';

export type TemplateFormat = 'subject' | 'text' | 'html' | 'chat';

/** The templates of one language, compiled. */
export interface TemplateSet {
  has(eventType: string, format: TemplateFormat): boolean;
  /** Throws when there is no such template. */
  render(eventType: string, format: TemplateFormat, values: TemplateValues): string;
}

/** `<event type>.<format>.eta`; the event type holds dots itself. `layout.html.eta` is what HTML pages share. */
const FILE_NAME = /^(?<name>.+)\.(?<format>subject|text|html|chat)\.eta$/;

/** Whether what is inserted is markup's business: a format is escaped unless it is known to be plain text. */
const isPlain = (format: string): boolean => format === 'subject' || format === 'text';

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
    if (name === 'layout') eta.loadTemplate(`@${name}`, template);
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
