import type { Mode } from '../../domain/access/actor.ts';
import { chosenColumns, LIST_COLUMNS, type ListName } from '../../domain/export/lists.ts';
import { InvalidInputError } from '../../graphql/core/errors.ts';
import { RELAY_OPTIONS } from '../../graphql/core/relay-options.ts';
import { EXPORT_LISTS } from './export-lists.ts';
import type { ExportList, Named } from './export-list.ts';

export type ExportFormat = 'csv' | 'jsonl';

/** What an address asks for; rights and filter are not looked at yet. */
export interface ExportRequest {
  readonly list: ExportList;
  readonly format: ExportFormat;
  readonly named: Named;
  readonly columns: readonly string[];
  /** As JSON has it. */
  readonly filter: unknown;
  readonly byteOrderMark: boolean;
}

const PATH = /^\/export\/([a-z-]{1,40})\.(csv|jsonl)$/;

/** List and format of a path; null when there is no such list. */
export function exportAt(path: string): Pick<ExportRequest, 'list' | 'format'> | null {
  const [, name = '', format] = PATH.exec(path) ?? [];
  const list = EXPORT_LISTS.get(name);
  return list && (format === 'csv' || format === 'jsonl') ? { list, format } : null;
}

/** Reads the parameters. Throws InvalidInputError, whose path is the parameter: nothing is passed over in silence. */
export function readExportRequest(
  { list, format }: Pick<ExportRequest, 'list' | 'format'>,
  query: URLSearchParams,
): ExportRequest {
  const known: ReadonlySet<string> = new Set([...list.named, 'columns', 'filter', 'bom']);
  for (const name of query.keys()) {
    if (!known.has(name)) throw invalid(name, `There is no parameter ${name}.`);
    if (query.getAll(name).length > 1) throw invalid(name, `${name} stands here twice.`);
  }
  return {
    list,
    format,
    named: readNamed(query),
    columns: readColumns(list.name, query.get('columns')),
    filter: readJson(query.get('filter')),
    byteOrderMark: readByteOrderMark(query.get('bom'), format),
  };
}

const invalid = (parameter: string, message: string): InvalidInputError =>
  new InvalidInputError({ code: 'INVALID_INPUT', message, path: [parameter] });

/** A parameter that is there, read. */
const given = <T>(text: string | null, read: (text: string) => T): T | undefined =>
  text === null ? undefined : read(text);

function readNamed(query: URLSearchParams): Named {
  const named = {
    projectId: given(query.get('projectId'), (id) => readId('projectId', 'Project', id)),
    projectIds: given(query.get('projectIds'), (ids) =>
      ids.split(',').map((id) => readId('projectIds', 'Project', id)),
    ),
    merchantId: given(query.get('merchantId'), (id) => readId('merchantId', 'Merchant', id)),
    mode: given(query.get('mode'), readMode),
    sort: query.get('sort') ?? undefined,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** A global id of a type, as its row has it. */
function readId(parameter: string, type: string, globalId: string): string {
  try {
    const { typename, id } = RELAY_OPTIONS.decodeGlobalID(globalId);
    if (typename === type) return id;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
  }
  throw invalid(parameter, `This is no id of a ${type.toLowerCase()}.`);
}

function readMode(mode: string): Mode {
  if (mode === 'TEST' || mode === 'LIVE') return mode;
  throw invalid('mode', 'The mode is TEST or LIVE.');
}

function readColumns(list: ListName, names: string | null): readonly string[] {
  const columns = names === null ? LIST_COLUMNS[list] : chosenColumns(list, names.split(','));
  if (columns) return columns;
  throw invalid('columns', `Columns are named once each, with commas: ${LIST_COLUMNS[list].join(', ')}.`);
}

function readJson(filter: string | null): unknown {
  if (filter === null) return {};
  try {
    return JSON.parse(filter);
  } catch {
    throw invalid('filter', 'The filter is no JSON.');
  }
}

function readByteOrderMark(bom: string | null, format: ExportFormat): boolean {
  if (bom === null || bom === '0') return false;
  if (bom === '1' && format === 'csv') return true;
  throw invalid('bom', 'bom=1 puts a byte order mark before CSV; there is no other use of it.');
}
