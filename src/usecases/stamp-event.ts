import type { EventActor, EventDraft, NewEvent } from '../domain/event/event.ts';

/** Adds what only a use case knows: id, actor and time. */
export const stampEvent = (
  draft: EventDraft,
  stamp: { readonly id: string; readonly actor: EventActor; readonly at: Date },
): NewEvent => ({ ...draft, id: stamp.id, actor: stamp.actor, occurredAt: stamp.at });
