import type { EventActor, NewEvent } from '../../domain/event/event.ts';
import type { Moderation } from '../../domain/project/moderation.ts';

/** One step of a project's moderation, as its history keeps it. */
export interface NewModerationChange {
  readonly id: string;
  readonly projectId: string;
  readonly from: Moderation;
  readonly to: Moderation;
  /** The merchant's comment or the operator's reason. */
  readonly reason: string | null;
  readonly actor: EventActor;
  readonly at: Date;
}

export interface ModerationStore {
  /**
   * Takes the step with its history and event in one statement; 'stale' when the project is no longer in the state
   * `from`. With `archived: false` an archived project is 'stale' too.
   */
  changeModeration(
    change: NewModerationChange,
    where: { readonly archived: false | 'either' },
    event: NewEvent,
  ): Promise<'written' | 'stale'>;
}
