import type { UserActor } from '../../domain/access/actor.ts';
import type { SavedViewStore } from '../ports/saved-view-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** Removes a saved view of the person's own; those of others do not exist for anybody else. */
export type SavedViewRemove = (
  actor: UserActor,
  input: { readonly savedViewId: string },
) => Promise<Result<{ savedViewId: string }>>;

export interface SavedViewRemoveDeps {
  readonly savedViews: Pick<SavedViewStore, 'remove'>;
}

export const savedViewRemove =
  ({ savedViews }: SavedViewRemoveDeps): SavedViewRemove =>
  async ({ userId }, { savedViewId }) =>
    (await savedViews.remove(userId, savedViewId))
      ? done({ savedViewId })
      : refuse('NOT_FOUND', 'There is no such saved view.', 'savedViewId');
