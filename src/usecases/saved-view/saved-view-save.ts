import type { UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { chosenColumns, type ListName } from '../../domain/export/lists.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { SavedViewStore } from '../ports/saved-view-store.ts';
import { done, refuse, type Result } from '../result.ts';

export interface SavedViewSaveInput {
  readonly merchantId: string;
  readonly list: ListName;
  readonly name: string;
  readonly columns: readonly string[];
  /** As the list reads it, or why the list refuses it. */
  readonly filter: Result<object>;
}

/** Keeps columns and filter of a list under a name, for the person alone (FEATURES E5). The same name is overwritten. */
export type SavedViewSave = (
  actor: UserActor,
  input: SavedViewSaveInput,
) => Promise<Result<{ savedViewId: string }>>;

export interface SavedViewSaveDeps {
  readonly savedViews: Pick<SavedViewStore, 'save'>;
  readonly ids: IdSource;
  readonly clock: Clock;
}

/** Of one person, in all merchants together. */
export const MOST_SAVED_VIEWS = 50;
const MAX_NAME = 100;
/** Characters of a filter as JSON. */
const MAX_FILTER = 4_000;

export const savedViewSave =
  ({ savedViews, ids, clock }: SavedViewSaveDeps): SavedViewSave =>
  async (actor, input) => {
    const { merchantId, list } = input;
    if (!may(actor, 'merchant:read', { merchantId }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    const name = input.name.trim();
    if (name.length < 1 || name.length > MAX_NAME || !isPlainLine(name))
      return refuse('INVALID_INPUT', `A name has 1 to ${MAX_NAME} characters in one line.`, 'name');
    const columns = chosenColumns(list, input.columns);
    if (!columns) return refuse('INVALID_INPUT', 'Columns are those of the list, each once.', 'columns');
    if (!input.filter.ok) return input.filter;
    const filter = input.filter.value;
    if (JSON.stringify(filter).length > MAX_FILTER)
      return refuse('INVALID_INPUT', `A filter has at most ${MAX_FILTER} characters.`, 'filter');
    const view = {
      id: ids.next(),
      userId: actor.userId,
      merchantId,
      list,
      name,
      columns,
      filter,
      at: clock.now(),
    };
    const saved = await savedViews.save(view, MOST_SAVED_VIEWS);
    return saved === 'full'
      ? refuse('WRONG_STATE', `You have ${MOST_SAVED_VIEWS} saved views: remove one first.`)
      : done(saved);
  };
