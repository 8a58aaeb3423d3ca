import type { EventType } from '../../domain/event/catalogue.ts';
import type { EventData, EventDraft } from '../../domain/event/event.ts';

/** An event of a merchant as a whole. */
export const merchantEvent = (type: EventType, merchantId: string, data: EventData): EventDraft => ({
  type,
  merchantId,
  projectId: null,
  mode: null,
  subject: { type: 'MERCHANT', id: merchantId },
  data,
});
