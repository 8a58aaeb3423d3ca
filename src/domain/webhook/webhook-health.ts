/** How an endpoint has fared. */
export interface WebhookHealth {
  readonly isEnabled: boolean;
  /** Attempts in a row that got no answer at all. */
  readonly silences: number;
  /** Until then nothing is sent to it. */
  readonly pausedUntil: Date | null;
  /** Since when nothing has succeeded; null while it works. */
  readonly failingSince: Date | null;
  /** When its people were told that it will be disabled. */
  readonly warnedAt: Date | null;
}

/** As an endpoint begins, and begins again when a person enables it or gives it another URL. */
export const FRESH_HEALTH = { silences: 0, pausedUntil: null, failingSince: null, warnedAt: null } as const;

/** What an attempt says of the endpoint: GONE is an answer with 410. */
export type AttemptVerdict = 'SUCCESS' | 'FAILURE' | 'SILENCE' | 'GONE';

export interface HealthAfter {
  readonly health: WebhookHealth;
  /** What its people are told. */
  readonly tells: 'FAILING' | 'DISABLED_GONE' | 'DISABLED_FAILING' | null;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** So many silences in a row, and it is left alone for a while (RULES 11: no endpoint takes the places of others). */
const SILENCES_TO_PAUSE = 3;
const FIRST_PAUSE = 10 * SECOND;
const LONGEST_PAUSE = 300 * SECOND;

/** After so long with nothing but failure it is disabled, and its people are warned at half (RULES 11). */
export const DISABLED_AFTER = 5 * DAY;
const WARNED_AFTER = DISABLED_AFTER / 2;
/** Nobody is surprised: where little is sent, the warning may come late. */
const SHORTEST_NOTICE = DAY;

/** The milliseconds for which an endpoint is left alone: 10 s at the third silence, then twice as long each, at most 5 minutes. */
export const pauseAfter = (silences: number): number =>
  silences < SILENCES_TO_PAUSE
    ? 0
    : Math.min(FIRST_PAUSE * 2 ** (silences - SILENCES_TO_PAUSE), LONGEST_PAUSE);

/**
 * How long the one attempt that goes through to a silent endpoint keeps the others back: longer than it takes with the
 * greatest WEBHOOK_TIMEOUT_SECONDS, or a second one would set out beside it.
 */
export const PROBE_MS = 40 * SECOND;

/** Whether the endpoint has been silent, so that one attempt at a time goes through, if any. */
export const isSilent = ({ silences }: Pick<WebhookHealth, 'silences'>): boolean =>
  silences >= SILENCES_TO_PAUSE;

/** What becomes of an endpoint after an attempt. */
export function healthAfter(before: WebhookHealth, verdict: AttemptVerdict, at: Date): HealthAfter {
  const { isEnabled } = before;
  if (verdict === 'SUCCESS') return { health: { isEnabled, ...FRESH_HEALTH }, tells: null };
  const silences = verdict === 'SILENCE' ? before.silences + 1 : 0;
  const pause = pauseAfter(silences);
  const failing = {
    silences,
    pausedUntil: pause === 0 ? null : new Date(at.getTime() + pause),
    failingSince: before.failingSince ?? at,
    warnedAt: before.warnedAt,
  };
  if (!isEnabled) return { health: { isEnabled, ...failing }, tells: null };
  if (verdict === 'GONE') return { health: { isEnabled: false, ...failing }, tells: 'DISABLED_GONE' };
  const since = (moment: Date): number => at.getTime() - moment.getTime();
  const failed = since(failing.failingSince);
  if (failing.warnedAt === null && failed >= WARNED_AFTER)
    return { health: { isEnabled, ...failing, warnedAt: at }, tells: 'FAILING' };
  if (failing.warnedAt !== null && failed >= DISABLED_AFTER && since(failing.warnedAt) >= SHORTEST_NOTICE)
    return { health: { isEnabled: false, ...failing }, tells: 'DISABLED_FAILING' };
  return { health: { isEnabled, ...failing }, tells: null };
}

/** When an endpoint that goes on failing will be disabled at the earliest. */
export const disablesAt = (failingSince: Date, warnedAt: Date): Date =>
  new Date(Math.max(failingSince.getTime() + DISABLED_AFTER, warnedAt.getTime() + SHORTEST_NOTICE));
