import type { Channel, EventRow } from '../event/event-row.ts';
import type { Event } from '../event/event.ts';
import type { NotificationSettings } from './notification-settings.ts';
import { quietUntil } from './quiet-hours.ts';

/** The window that a first message opened: further ones of its key are collected until it ends. */
export interface DigestWindow {
  readonly channel: Channel;
  readonly target: string;
  /** Kind of event, project and mode. */
  readonly key: string;
  readonly endsAt: Date;
}

export interface Timing {
  readonly sendAt: Date;
  /** Set where it may become part of one message with others of the same key. */
  readonly digestKey: string | null;
  /** The window that this message opens. */
  readonly opens: DigestWindow | null;
}

interface Place {
  readonly channel: Channel;
  readonly target: string;
}

/**
 * When a message goes out (FEATURES N9). The first of its kind goes at once and opens a window; those that follow within
 * it wait for its end and become one. In quiet hours everything waits for their end. What is critical, and what is about
 * the safety of the account, never waits.
 *
 * @param settings null for whom has no account: a link or code, sent at once
 * @param openUntil the end of the window that is open for this place and key, if there is one
 */
export function timingOf(
  row: EventRow,
  event: Event,
  place: Place,
  settings: NotificationSettings | null,
  at: Date,
  openUntil: (key: string) => Date | undefined,
): Timing {
  const now: Timing = { sendAt: at, digestKey: null, opens: null };
  if (settings === null || row.severity === 'CRITICAL' || row.category === 'SECURITY') return now;
  const { subject, projectId, mode } = event;
  const key = row.digest ? `${row.digest.group}:${subject.type}:${projectId ?? ''}:${mode ?? ''}` : null;
  const windowEnd = key !== null && settings.digestSeconds > 0 ? openUntil(key) : undefined;
  // A window may end in quiet hours that begin after now.
  const ready = windowEnd !== undefined && windowEnd > at ? windowEnd : at;
  const sendAt = (settings.quiet && quietUntil(settings.quiet, ready)) ?? ready;
  if (sendAt > at) return { sendAt, digestKey: key, opens: null };
  if (key === null || settings.digestSeconds === 0) return now;
  const endsAt = new Date(at.getTime() + settings.digestSeconds * 1000);
  return { ...now, opens: { ...place, key, endsAt } };
}
