import type { EventCategory, EventRow, PersonalChannel } from '../event/event-row.ts';

/** What a person chose against the catalogue's defaults (FEATURES N7). */
export interface Preference {
  /** Null: for all projects. */
  readonly projectId: string | null;
  /** Null: the channel as a whole. */
  readonly category: EventCategory | null;
  readonly channel: PersonalChannel;
  readonly enabled: boolean;
}

/** Security mail is how a person learns of a theft: it cannot be switched off (RULES 16). */
export const isAlwaysOn = (category: EventCategory | null, channel: PersonalChannel): boolean =>
  category === 'SECURITY' && channel === 'EMAIL';

/**
 * Whether a person is told of such an event over the channel. A channel that is off beats a category that is on; what
 * was chosen for a project beats what was chosen for all; what nobody chose is as the catalogue says.
 */
export function isWanted(
  row: Pick<EventRow, 'category' | 'channels' | 'offered'>,
  channel: PersonalChannel,
  projectId: string | null,
  preferences: readonly Preference[],
): boolean {
  const byDefault = row.channels.includes(channel);
  if (!byDefault && row.offered?.includes(channel) !== true) return false;
  if (isAlwaysOn(row.category, channel)) return byDefault;
  const chosen = (project: string | null, category: EventCategory | null): boolean | undefined =>
    preferences.find((p) => p.channel === channel && p.projectId === project && p.category === category)
      ?.enabled;
  const inProject = (category: EventCategory | null): boolean | undefined =>
    projectId === null ? undefined : chosen(projectId, category);
  if ((inProject(null) ?? chosen(null, null)) === false) return false;
  return inProject(row.category) ?? chosen(null, row.category) ?? byDefault;
}
