/** When a person wants to be left alone (FEATURES N9). */
export interface QuietHours {
  /** Minutes after midnight; `to` may be on the next day, and is never equal to `from`. */
  readonly from: number;
  readonly to: number;
  /** IANA name; null for UTC. */
  readonly timeZone: string | null;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** The end of the quiet hours that the moment lies in; null when it lies in none. */
export function quietUntil(quiet: QuietHours, at: Date): Date | null {
  const { from, to } = quiet;
  const minute = minuteOfDay(at, quiet.timeZone);
  const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return null;
  const wholeMinute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  const end = new Date(wholeMinute + untilMinute(minute, to) * MINUTE_MS);
  // Between now and then the clocks may have been changed, and may have left out the very minute.
  const off = untilMinute(minuteOfDay(end, quiet.timeZone), to);
  const shift = off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off;
  const shifted = new Date(end.getTime() + shift * MINUTE_MS);
  return shifted > at && minuteOfDay(shifted, quiet.timeZone) === to ? shifted : end;
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Minutes after midnight of "HH:MM"; null for what is no time of day. */
export function minuteOfClock(text: string): number | null {
  const match = CLOCK.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** "HH:MM" of minutes after midnight. */
export const clockOfMinute = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');

const untilMinute = (from: number, to: number): number => (to - from + DAY_MINUTES) % DAY_MINUTES;

/** Whether this runtime knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

/** There are some 600 names, but each may be written in any case: strangers choose what is kept. */
const MOST_CLOCKS = 1000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Throws RangeError when the time zone is unknown. Making one is slow, so each is kept. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  if (clocks.size >= MOST_CLOCKS) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}

/** A zone that is not known (any more) is read as UTC: it must not silence a person for ever (RULES 16). */
function minuteOfDay(at: Date, timeZone: string | null): number {
  const clock = clockOf(timeZone !== null && isTimeZone(timeZone) ? timeZone : 'UTC');
  const [hours = '0', minutes = '0'] = clock.format(at).split(':');
  return Number(hours) * 60 + Number(minutes);
}
