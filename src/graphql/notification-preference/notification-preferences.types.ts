import type { Project as ProjectRow } from '../../generated/prisma/client.ts';
import type { Preference } from '../../domain/notification/preferences.ts';
import {
  preferenceCells,
  preferenceChannels,
  type PreferenceCell,
  type PreferenceChannel,
} from '../../domain/notification/preference-matrix.ts';
import { builder } from '../core/builder.ts';
import { EventCategoryEnum } from '../event/event.enums.ts';
import { PersonalChannelEnum } from '../notification/notification.enums.ts';
import { Project } from '../project/project.types.ts';

const ChannelPreference = builder.objectRef<PreferenceChannel>('ChannelPreference').implement({
  description: 'A channel as a whole.',
  fields: (t) => ({
    channel: t.expose('channel', { type: PersonalChannelEnum, description: 'The channel.' }),
    enabled: t.exposeBoolean('enabled', {
      description: 'False beats every category but e-mail about the safety of the account.',
    }),
    chosen: t.exposeBoolean('chosen', { nullable: true, description: 'What was chosen; null for nothing.' }),
  }),
});

const CategoryPreference = builder.objectRef<PreferenceCell>('CategoryPreference').implement({
  description: 'What is told of a category over a channel.',
  fields: (t) => ({
    category: t.expose('category', { type: EventCategoryEnum, description: 'The category.' }),
    channel: t.expose('channel', { type: PersonalChannelEnum, description: 'The channel.' }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether anything of it is told, as things stand.' }),
    default: t.exposeBoolean('byDefault', {
      description:
        'Whether anything of it is told to who chose nothing. What is chosen may be told in more cases.',
    }),
    chosen: t.exposeBoolean('chosen', {
      nullable: true,
      description: 'What was chosen here; null for nothing.',
    }),
    canSwitchOff: t.exposeBoolean('canSwitchOff', {
      description: 'False for e-mail about the safety of the account.',
    }),
  }),
});

interface OfProject {
  readonly project: ProjectRow;
  readonly preferences: readonly Preference[];
}

const ProjectPreferences = builder.objectRef<OfProject>('ProjectNotificationPreferences').implement({
  description: 'What was chosen for one project, against what was chosen for all.',
  fields: (t) => ({
    project: t.field({ type: Project, description: 'The project.', resolve: ({ project }) => project }),
    channels: t.field({
      type: [ChannelPreference],
      description: 'The channels as a whole.',
      resolve: ({ preferences, project }) => preferenceChannels(preferences, project.id),
    }),
    categories: t.field({
      type: [CategoryPreference],
      description: 'Each category over each channel that it is told over.',
      resolve: ({ preferences, project }) => preferenceCells(preferences, project.id),
    }),
  }),
});

export interface Preferences {
  readonly preferences: readonly Preference[];
  /** Those for which something was chosen, and which the person sees. */
  readonly projects: readonly ProjectRow[];
}

export const NotificationPreferences = builder.objectRef<Preferences>('NotificationPreferences').implement({
  description: 'Where a person is told of what. The notification centre has all of it.',
  fields: (t) => ({
    channels: t.field({
      type: [ChannelPreference],
      description: 'The channels as a whole.',
      resolve: ({ preferences }) => preferenceChannels(preferences, null),
    }),
    categories: t.field({
      type: [CategoryPreference],
      description: 'Each category over each channel that it is told over, for all projects.',
      resolve: ({ preferences }) => preferenceCells(preferences, null),
    }),
    projects: t.field({
      type: [ProjectPreferences],
      description: 'Projects for which something else was chosen, oldest first.',
      resolve: ({ preferences, projects }) => projects.map((project) => ({ project, preferences })),
    }),
  }),
});
