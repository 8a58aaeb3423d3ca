/** A piece of a line: plain, or what stands out and can be copied: an id, the link or the code of the message. */
export interface NoticePart {
  readonly text: string;
  readonly as: 'plain' | MarkKind;
}

export interface NoticeParagraph {
  readonly lines: readonly (readonly NoticePart[])[];
  /** Set where a label and the link below it are the whole paragraph; the label without its colon. */
  readonly button: { readonly label: string; readonly link: string } | null;
}

/** A message as title and paragraphs of lines, from which the forms of the channels are made. */
export interface Notice {
  readonly title: string;
  readonly paragraphs: readonly NoticeParagraph[];
}

const MARK_KINDS = ['id', 'link', 'code'] as const;
type MarkKind = (typeof MARK_KINDS)[number];

/** Stands around a piece that stands out. Nothing inserted holds a control character, so none can pass for one. */
const MARK = '\u0001';

export const marked = (kind: MarkKind, value: string): string => `${MARK}${kind} ${value}${MARK}`;

/** Reads a rendered notice. Nothing that was inserted breaks a line, so none can add a title or a paragraph. */
export function readNotice(rendered: string): Notice {
  const [title = '', ...rest] = rendered.split('\n');
  const paragraphs = rest
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0);
  return { title: textOf(partsOf(title.trim())), paragraphs: paragraphs.map(readParagraph) };
}

function readParagraph(texts: readonly string[]): NoticeParagraph {
  const lines = texts.map(partsOf);
  const [label, link, ...more] = lines;
  if (!label || link?.[0]?.as !== 'link' || more.length > 0) return { lines, button: null };
  return { lines, button: { label: textOf(label).replace(/\s*:$/, ''), link: textOf(link) } };
}

function partsOf(line: string): NoticePart[] {
  const pieces = line
    .split(MARK)
    .map((piece, place) => (place % 2 === 0 ? plainPart(piece) : markedPart(piece)));
  return pieces.filter(({ text }) => text !== '');
}

const plainPart = (text: string): NoticePart => ({ text, as: 'plain' });

function markedPart(piece: string): NoticePart {
  const kind = MARK_KINDS.find((known) => piece.startsWith(`${known} `));
  return kind ? { text: piece.slice(kind.length + 1), as: kind } : plainPart(piece);
}

const textOf = (parts: readonly NoticePart[]): string => parts.map(({ text }) => text).join('');

export const noticeText = ({ paragraphs }: Notice): string =>
  paragraphs.map(({ lines }) => lines.map(textOf).join('\n')).join('\n\n');
