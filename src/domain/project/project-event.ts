import type { EventData, EventDraft } from '../event/event.ts';

type ProjectEventType = Extract<EventDraft['type'], `project.${string}`>;

/** An event of a project as a whole: it belongs to neither mode. */
export const projectEvent = (
  type: ProjectEventType,
  { id, merchantId, name }: { readonly id: string; readonly merchantId: string; readonly name: string },
  data: EventData = {},
): EventDraft => ({
  type,
  merchantId,
  projectId: id,
  mode: null,
  subject: { type: 'PROJECT', id },
  data: { name, ...data },
});
