import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine, neutralised } from '../../../src/server/export/csv.ts';
import { parseCsv, withoutApostrophe } from './csv-parser.ts';

const asText = (text: string) => ({ text, isNumber: false });
const asNumber = (text: string) => ({ text, isNumber: true });
const hostile = fc.string({
  unit: fc.constantFrom(...Array.from('=+-@\t\r\n"\',; ＝＋－＠﹢\u{FEFF}\u{200B}\u{00A0}|!a1😀é')),
  maxLength: 12,
});
const anyText = fc.oneof(hostile, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
/** What a spreadsheet computes, as its users type it. */
const STARTS = /^(?:[=+\-@\t\r\n]|[＝＋－＠﹦﹢﹣﹫])/u;

describe('CSV', () => {
  test('of any texts is read back by a strict parser', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 1, maxLength: 6 }), { maxLength: 5 }), (rows) => {
        const written = rows.map((row) => csvLine(row.map(asText))).join('');
        const read = parseCsv(written);
        expect(read).toEqual(rows.map((row) => row.map(neutralised)));
      }),
    );
  });

  test('keeps no text that begins a formula, behind blanks and quotes either', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [[cell = ''] = []] = parseCsv(csvLine([asText(text)]));
        expect(cell).not.toMatch(STARTS);
        expect(cell.replace(/^[\s"\u{FEFF}\u{200B}]+/u, '')).not.toMatch(STARTS);
      }),
    );
  });

  test('keeps none behind a semicolon either, where that parts the cells and quotes stand in the middle', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const cells = csvLine([asText('order'), asText(text)]).split(/[;\t\r\n]/);
        for (const cell of cells) expect(cell.replace(/^[\s"\u{FEFF}\u{200B}]+/u, '')).not.toMatch(STARTS);
      }),
    );
  });

  test('loses nothing: an apostrophe was put before, or the text is as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const safe = neutralised(text);
        expect(safe === text || withoutApostrophe(safe) === text).toBe(true);
        // Two texts never look alike.
        expect(neutralised(withoutApostrophe(safe)) === safe || safe === text).toBe(true);
      }),
    );
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+49 30 1234', "'+49 30 1234"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['tea;=1+1;', "tea;'=1+1;"],
    ['tea; "=1', `tea;' "=1`],
    ['tea\n-1', "tea\n'-1"],
    ["tea;'=1", "tea;''=1"],
    ['tea;a=1', 'tea;a=1'],
    ['\rx', "'\rx"],
    ["'\rx", "''\rx"],
    [' =1', "' =1"],
    ['"=1"', `'"=1"`],
    ["'=1", "''=1"],
    ['＝1+1', "'＝1+1"],
    ['﹣1', "'﹣1"],
    ['\u{FEFF}=1', "'\u{FEFF}=1"],
    ['a=1', 'a=1'],
    ["'quoted'", "'quoted'"],
    ['', ''],
  ])('writes %j as %j', (text, safe) => {
    expect(parseCsv(csvLine([asText(text)]))).toEqual([[safe]]);
  });

  test('leaves numbers numbers, and takes for one only what is one', () => {
    expect(csvLine(['-12.50', '0', '1000000000000000000000.000000000000000001'].map(asNumber))).toBe(
      '-12.50,0,1000000000000000000000.000000000000000001\r\n',
    );
    for (const text of ['-1+cmd', '--1', '-1e5', '=1', '-'])
      expect(csvLine([asNumber(text)])).toBe(`'${text}\r\n`);
  });

  test('quotes what another separator would part', () => {
    expect(csvLine(['a;b', 'a\tb', 'a,b', 'a"b', ' a'].map(asText))).toBe(
      '"a;b","a\tb","a,b","a""b"," a"\r\n',
    );
  });
});
