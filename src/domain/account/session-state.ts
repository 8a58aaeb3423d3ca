const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A session without PIN ends after this long without activity (FEATURES A8), in milliseconds. */
export const SESSION_IDLE_MS = 6 * HOUR;
/** A session with PIN is locked after this long without activity (FEATURES A7), in milliseconds. */
export const SESSION_LOCK_MS = 15 * MINUTE;
/** However active: the person signs in again after this long, in milliseconds. */
export const SESSION_MAX_MS = 30 * 24 * HOUR;

/** How exact the last activity is kept, in milliseconds: a write for every request would cost more than it tells. */
export const SESSION_TOUCH_MS = MINUTE;

export interface SessionTimes {
  readonly createdAt: Date;
  /** The last thing that the person did; polling and open sockets do not count (RULES 13). */
  readonly activeAt: Date;
  /** Whether the person has set a PIN. */
  readonly hasPin: boolean;
}

export interface SessionState {
  readonly state: 'OPEN' | 'LOCKED' | 'OVER';
  /** When the state changes by itself, without activity. */
  readonly validUntil: Date;
}

/** What has become of a session by now. Whether it was ended is another question. */
export function sessionState({ createdAt, activeAt, hasPin }: SessionTimes, at: Date): SessionState {
  const end = createdAt.getTime() + SESSION_MAX_MS;
  const idle = activeAt.getTime() + (hasPin ? SESSION_LOCK_MS : SESSION_IDLE_MS);
  const now = at.getTime();
  if (now >= end || (now >= idle && !hasPin)) return { state: 'OVER', validUntil: at };
  return now >= idle
    ? { state: 'LOCKED', validUntil: new Date(end) }
    : { state: 'OPEN', validUntil: new Date(Math.min(idle, end)) };
}
