import type { Preference } from '../../domain/notification/preferences.ts';

export interface PreferenceChoice extends Omit<Preference, 'enabled'> {
  /** Of the row, should it be a new one. */
  readonly id: string;
  readonly userId: string;
  /** Null takes the choice back. */
  readonly enabled: boolean | null;
  readonly at: Date;
}

/** New values; what is left out stays as it is. */
export interface SettingsPatch {
  /** IANA name; null for UTC. */
  readonly timeZone?: string | null;
  /** Minutes after midnight; null for none. */
  readonly quiet?: { readonly from: number; readonly to: number } | null;
  readonly digestSeconds?: number;
  /** Language of messages, BCP 47. */
  readonly locale?: string;
}

/** How and where people want to be told (FEATURES N7, N9). Each method is one atomic statement. */
export interface NotificationPreferenceStore {
  /** The last choice for a place, category and channel stands. */
  choose(choice: PreferenceChoice): Promise<void>;
  updateSettings(userId: string, patch: SettingsPatch, at: Date): Promise<void>;
}
