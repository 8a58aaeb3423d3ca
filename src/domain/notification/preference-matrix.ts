import { EVENT_TYPES, eventRow } from '../event/catalogue.ts';
import {
  EVENT_CATEGORIES,
  PERSONAL_CHANNELS,
  type EventCategory,
  type EventRow,
  type PersonalChannel,
} from '../event/event-row.ts';
import { isAlwaysOn, isWanted, type Preference } from './preferences.ts';

/** What a person is told of a category over a channel (FEATURES N7). */
export interface PreferenceCell {
  readonly category: EventCategory;
  readonly channel: PersonalChannel;
  /** Whether anything of it is told as things stand. */
  readonly enabled: boolean;
  /** Whether anything of it is told to who chose nothing. */
  readonly byDefault: boolean;
  /** What the person chose for this very cell; null for nothing. */
  readonly chosen: boolean | null;
  readonly canSwitchOff: boolean;
}

/** A channel as a whole. */
export interface PreferenceChannel {
  readonly channel: PersonalChannel;
  /** Off beats every category but what is always on. */
  readonly enabled: boolean;
  readonly chosen: boolean | null;
}

/** Nobody chooses of what is told to nobody, nor of what operators are told. */
const ROWS: readonly EventRow[] = EVENT_TYPES.map(eventRow).filter(
  ({ audience }) => audience !== 'NONE' && audience !== 'OPERATORS',
);

const isOffered = ({ channels, offered }: EventRow, channel: PersonalChannel): boolean =>
  channels.includes(channel) || offered?.includes(channel) === true;

const rowsOf = (category: EventCategory | null, channel: PersonalChannel): readonly EventRow[] =>
  ROWS.filter((row) => (category === null || row.category === category) && isOffered(row, channel));

/** Whether anything of the category (of any, with null) can be told over the channel. */
export const isChoosable = (category: EventCategory | null, channel: PersonalChannel): boolean =>
  rowsOf(category, channel).length > 0;

const chosenFor = (
  preferences: readonly Preference[],
  { projectId, category, channel }: Omit<Preference, 'enabled'>,
): boolean | null =>
  preferences.find((p) => p.projectId === projectId && p.category === category && p.channel === channel)
    ?.enabled ?? null;

/** @param projectId null: for all projects */
export const preferenceChannels = (
  preferences: readonly Preference[],
  projectId: string | null,
): readonly PreferenceChannel[] =>
  PERSONAL_CHANNELS.filter((channel) => isChoosable(null, channel)).map((channel) => {
    const chosen = chosenFor(preferences, { projectId, category: null, channel });
    const inAll = chosenFor(preferences, { projectId: null, category: null, channel });
    return { channel, enabled: chosen !== false && inAll !== false, chosen };
  });

/** @param projectId null: for all projects */
export const preferenceCells = (
  preferences: readonly Preference[],
  projectId: string | null,
): readonly PreferenceCell[] =>
  EVENT_CATEGORIES.flatMap((category) =>
    PERSONAL_CHANNELS.flatMap((channel) => {
      const rows = rowsOf(category, channel);
      if (rows.length === 0) return [];
      return {
        category,
        channel,
        enabled: rows.some((row) => isWanted(row, channel, projectId, preferences)),
        byDefault: rows.some(({ channels }) => channels.includes(channel)),
        chosen: chosenFor(preferences, { projectId, category, channel }),
        canSwitchOff: !isAlwaysOn(category, channel),
      };
    }),
  );
