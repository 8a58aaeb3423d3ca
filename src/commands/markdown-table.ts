export type Row = readonly string[];

/** A Markdown table as the formatter writes it: columns as wide as their widest cell. */
export function markdownTable(rows: readonly [Row, ...Row[]]): string {
  const [head, ...body] = rows;
  const widths = head.map((_, i) => Math.max(3, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: Row) => `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
