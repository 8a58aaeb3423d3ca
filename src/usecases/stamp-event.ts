import type { EventActor, EventDraft, NewEvent } from '../domain/event/event.ts';
import type { Clock } from './ports/clock.ts';
import type { IdSource } from './ports/id-source.ts';

/** Adds what only a use case knows: id, actor and time. */
export const stampEvent = (
  draft: EventDraft,
  stamp: { readonly id: string; readonly actor: EventActor; readonly at: Date },
): NewEvent => ({ ...draft, id: stamp.id, actor: stamp.actor, occurredAt: stamp.at });

/** Makes an event of what the gateway itself did. */
export type SystemStamp = (draft: EventDraft) => NewEvent;

export const systemStamp =
  ({ ids, clock }: { readonly ids: IdSource; readonly clock: Clock }): SystemStamp =>
  (draft) =>
    stampEvent(draft, { id: ids.next(), actor: { type: 'SYSTEM', id: null }, at: clock.now() });
