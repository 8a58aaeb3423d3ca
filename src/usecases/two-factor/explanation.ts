import { isPlainText } from '../../domain/text/plain-text.ts';

const MIN = 10;
const MAX = 1000;

/** What a person wrote in a few sentences, without blanks around it; null when it is too short, too long or no text. */
export function explanation(typed: string): string | null {
  const text = typed.replaceAll('\r\n', '\n').trim();
  return text.length >= MIN && text.length <= MAX && isPlainText(text) ? text : null;
}
