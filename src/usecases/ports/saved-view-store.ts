import type { ListName } from '../../domain/export/lists.ts';

export interface SavedViewRow {
  /** Of a new one; one with the same name keeps its own. */
  readonly id: string;
  readonly userId: string;
  readonly merchantId: string;
  readonly list: ListName;
  readonly name: string;
  readonly columns: readonly string[];
  readonly filter: object;
  readonly at: Date;
}

/** Lists as people like to see them (FEATURES E5). */
export interface SavedViewStore {
  /**
   * Writes a view, or over the person's own of that name. Gives its id; 'full' when a new one would be more than `most`
   * of the person.
   */
  save(view: SavedViewRow, most: number): Promise<{ readonly savedViewId: string } | 'full'>;
  /** Whether the person had such a view. */
  remove(userId: string, savedViewId: string): Promise<boolean>;
}
