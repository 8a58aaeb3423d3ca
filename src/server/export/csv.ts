/**
 * CSV as RFC 4180 has it: a header row, CRLF, quotes doubled. It is opened in spreadsheets, so text that one would
 * compute is kept from it (RULES 18, OWASP "CSV injection").
 */

/** What a cell holds: a number is written as it is, a text is made safe. */
export interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
}

/**
 * Text that a spreadsheet would take for a formula: a sign at the beginning, full-width and small forms too, also behind
 * blanks, invisible characters and quotes, which some programs take off first; and what begins with a control character.
 */
const FORMULA =
  /^(?:'*[\t\r\n]|[\s\p{Cc}\p{Cf}'"]*[=+\-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}\u{FE66}\u{FE62}\u{FE63}\u{FE6B}])/u;

/**
 * The same behind what parts cells and lines. Where a comma is the decimal sign, a semicolon or a tab parts the cells: then
 * no quote stands at the beginning of a cell, so none keeps a text together.
 */
const FORMULA_BEHIND =
  /(?<=[;\t\r\n])(?=[\s\p{Cc}\p{Cf}'"]*[=+\-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}\u{FE66}\u{FE62}\u{FE63}\u{FE6B}])/gu;

/** What an RFC 4180 reader must find in quotes, and blanks that some take off. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/u;

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * Puts an apostrophe before text that looks like a formula, and into text before a part that would. Where there is one
 * already there is another then: taking one off at each of these places gives the text back.
 */
export function neutralised(text: string): string {
  const safe = text.replaceAll(FORMULA_BEHIND, "'");
  return FORMULA.test(text) ? `'${safe}` : safe;
}

const escaped = (text: string): string =>
  NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const written = ({ text, isNumber }: Cell): string =>
  isNumber && NUMBER.test(text) ? text : escaped(neutralised(text));

/** One line, its end included. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(written).join(',')}\r\n`;

/** Tells a spreadsheet that the file is UTF-8; RFC 4180 knows no such mark. */
export const BYTE_ORDER_MARK = '\u{FEFF}';
