/** What Telegram takes in parse mode HTML (Bot API, "HTML style"), as far as this project writes it. */
const TAGS: ReadonlySet<string> = new Set([
  'b',
  'strong',
  'i',
  'em',
  'u',
  's',
  'code',
  'pre',
  'a',
  'blockquote',
]);
const ENTITY = /^&(?:lt|gt|amp|quot|#\d+|#x[\da-f]+);/i;
const TAG = /^<(?<close>\/?)(?<name>[a-z]+)(?: href="[^"<>]*")?>/;

/** Why Telegram would refuse the text, or null. */
export function htmlFault(text: string): string | null {
  const open: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const rest = text.slice(i);
    if (rest.startsWith('&') && !ENTITY.test(rest)) return `unknown entity at byte offset ${i}`;
    if (!rest.startsWith('<')) continue;
    const { close, name = '' } = TAG.exec(rest)?.groups ?? {};
    if (!TAGS.has(name)) return `unsupported start tag at byte offset ${i}`;
    if (close !== '/') open.push(name);
    else if (open.pop() !== name) return `unexpected end tag at byte offset ${i}`;
  }
  return open.length > 0 ? `can't find end tag corresponding to start tag "${open.at(-1)}"` : null;
}
