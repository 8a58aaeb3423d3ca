import type { Actor } from '../../domain/access/actor.ts';
import type { ExportRow, OpenExport } from './export-list.ts';
import type { ExportText } from './export-text.ts';

/** Rows of the first page, and of the largest. */
const FIRST_PAGE = 100;
const LARGEST_PAGE = 1_000;
/** Characters that a page should have at most: rows may be long, and a page is held as a whole. */
const PAGE_LENGTH = 1_000_000;
/** Pages between two looks at the caller's rights. */
const PAGES_PER_LOOK = 5;

export interface ExportSource {
  readonly open: OpenExport;
  readonly text: ExportText;
  /** The caller with the rights of this moment; null when the credentials open nothing any more. */
  readonly currentActor: () => Promise<Actor | null>;
}

/** Thrown between two pages when the caller may not see the list any more. */
export class ExportRevoked extends Error {
  override readonly name = 'ExportRevoked';
}

/**
 * The rows of a list as text, a page at a time, each read when it is asked for: by a short statement of its own, so that
 * no transaction waits for the reader. Throws ExportRevoked.
 */
export async function* exportPages({ open, text, currentActor }: ExportSource): AsyncGenerator<string> {
  let limit = FIRST_PAGE;
  for (let page = 1; ; page++) {
    if (page % PAGES_PER_LOOK === 0) {
      const now = await currentActor();
      if (now === null || !(await open.isOpenTo(now))) throw new ExportRevoked();
    }
    const rows: readonly ExportRow[] = await open.next(limit);
    if (rows.length === 0) return;
    const written = rows.map((row) => text.row(row)).join('');
    yield written;
    if (rows.length < limit) return;
    const fitting = Math.floor((PAGE_LENGTH * rows.length) / written.length);
    limit = Math.max(1, Math.min(LARGEST_PAGE, limit * 2, fitting));
  }
}
