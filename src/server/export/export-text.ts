import { BYTE_ORDER_MARK, csvLine } from './csv.ts';
import type { CellValue } from './columns.ts';
import type { ExportRow } from './export-list.ts';
import type { ExportFormat } from './export-request.ts';

/** How rows are written in a format. */
export interface ExportText {
  readonly contentType: string;
  /** What stands before the first row. */
  start(columns: readonly string[], byteOrderMark: boolean): string;
  row(row: ExportRow): string;
}

const cellText = (value: CellValue): string => {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const csv: ExportText = {
  contentType: 'text/csv; charset=utf-8; header=present',
  start: (columns, byteOrderMark) =>
    `${byteOrderMark ? BYTE_ORDER_MARK : ''}${csvLine(columns.map((text) => ({ text, isNumber: false })))}`,
  row: (row) => csvLine(row.map(({ value, isNumber }) => ({ text: cellText(value), isNumber }))),
};

/** One JSON object a line; amounts and ids are the exact texts of the API, and nothing is neutralised. */
const jsonl: ExportText = {
  contentType: 'application/jsonl; charset=utf-8',
  start: () => '',
  row: (row) => `${JSON.stringify(Object.fromEntries(row.map(({ column, value }) => [column, value])))}\n`,
};

export const EXPORT_TEXT: Readonly<Record<ExportFormat, ExportText>> = { csv, jsonl };
