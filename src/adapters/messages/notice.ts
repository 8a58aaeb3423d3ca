import type { TemplateSet } from './template-set.ts';
import type { TemplateValues } from './template-values.ts';

/** A message as title and plain paragraphs of lines, from which the forms of the channels are made. */
export interface Notice {
  readonly title: string;
  readonly paragraphs: readonly (readonly string[])[];
}

/** Reads a rendered notice. Nothing that was inserted breaks a line, so none can add a title or a paragraph. */
export function readNotice(rendered: string): Notice {
  const [title = '', ...rest] = rendered.split('\n');
  const paragraphs = rest
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0);
  return { title: title.trim(), paragraphs };
}

export const noticeText = ({ paragraphs }: Notice): string =>
  paragraphs.map((lines) => lines.join('\n')).join('\n\n');

/** The notice in the shared page or chat form, which escapes it. `extra`: a line that is one of these stands out. */
export function noticeMarkup(
  set: TemplateSet,
  format: 'html' | 'chat',
  notice: Notice,
  values: TemplateValues,
  extra: Readonly<Record<string, string>>,
): string {
  const form = { ...values, ...notice, link: extra['link'], code: extra['code'] };
  return set.render(format === 'html' ? 'notice-page' : 'notice-chat', format, form);
}
