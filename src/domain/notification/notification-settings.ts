import type { QuietHours } from './quiet-hours.ts';

/** How a person is told, besides where (FEATURES N9). */
export interface NotificationSettings {
  /** Null for none. */
  readonly quiet: QuietHours | null;
  /** How long after the first message of a kind the next ones are collected into one; 0 for never. */
  readonly digestSeconds: number;
}

export const DEFAULT_SETTINGS: NotificationSettings = { quiet: null, digestSeconds: 300 };

/** Of one day. */
export const MAX_DIGEST_SECONDS = 86_400;
