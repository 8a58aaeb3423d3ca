import { readdirSync } from 'node:fs';
import path from 'node:path';
import { loadTemplateSet, type TemplateFormat, type TemplateSet } from './template-set.ts';
import { readFrameWords, type FrameWords } from './frame-words.ts';

/** What is taken where a reader's language has no text. */
const FALLBACK = 'en';
/** Beside the languages: the forms that all of them are put into, which hold no words. */
const SHARED = 'shared';
const FORMS = path.join(import.meta.dirname, 'templates', SHARED);

export interface Language {
  /** BCP 47, as the folder is named. */
  readonly tag: string;
  readonly templates: TemplateSet;
  readonly frame: FrameWords;
}

export interface Languages {
  readonly forms: TemplateSet;
  readonly fallback: Language;
  /** The reader's language where it has the template: by tag (`de-AT`), then by language (`de`), else English. */
  withTemplate(tag: string, name: string, format: TemplateFormat): Language;
}

/** Reads the folders of all languages, compiled here, so that a broken one stops the start and not a message. */
export function loadLanguages(folder: string): Languages {
  const load = (tag: string): Language => ({
    tag,
    templates: loadTemplateSet(path.join(folder, tag)),
    frame: readFrameWords(path.join(folder, tag)),
  });
  const tags = readdirSync(folder).filter((name) => name !== SHARED);
  const byTag = new Map(tags.map((tag) => [tag, load(tag)]));
  const fallback = byTag.get(FALLBACK);
  if (!fallback) throw new Error(`the templates lack the language ${FALLBACK}`);
  return {
    forms: loadTemplateSet(FORMS),
    fallback,
    withTemplate(tag, name, format) {
      const candidates = [byTag.get(tag), byTag.get(tag.split('-')[0] ?? '')];
      return candidates.find((language) => language?.templates.has(name, format)) ?? fallback;
    },
  };
}
