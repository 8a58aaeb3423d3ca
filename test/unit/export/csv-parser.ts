/** RFC 4180, to the letter. Throws on anything else: a lone CR or LF, a quote in the middle, a missing end of line. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let place = 0;
  const cell = (): string => {
    if (text[place] !== '"') {
      const [bare = ''] = /^[^",\r\n]*/.exec(text.slice(place)) ?? [];
      place += bare.length;
      return bare;
    }
    const [quoted, inner = ''] = /^"((?:[^"]|"")*)"/.exec(text.slice(place)) ?? [];
    if (quoted === undefined) throw new Error(`a quoted cell does not end, at ${place}`);
    place += quoted.length;
    return inner.replaceAll('""', '"');
  };
  while (place < text.length) {
    const row = [cell()];
    while (text[place] === ',') {
      place += 1;
      row.push(cell());
    }
    if (text.slice(place, place + 2) !== '\r\n') throw new Error(`no end of line at ${place}`);
    place += 2;
    rows.push(row);
  }
  return rows;
}

const FORMULA = String.raw`[\s\p{Cc}\p{Cf}'"]*[=+\-@＝＋－＠﹦﹢﹣﹫]`;
const AT_START = new RegExp(String.raw`^'(?='*[\t\r\n]|${FORMULA})`, 'u');
const BEHIND = new RegExp(String.raw`(?<=[;\t\r\n])'(?=${FORMULA})`, 'gu');

/** What a program would take off again: the apostrophe before each part that looks like a formula. */
export const withoutApostrophe = (text: string): string => text.replace(AT_START, '').replaceAll(BEHIND, '');
