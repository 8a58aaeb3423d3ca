import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap } from '../core/errors.ts';
import { EventCategoryEnum } from '../event/event.enums.ts';
import { PersonalChannelEnum } from '../notification/notification.enums.ts';
import { Project } from '../project/project.types.ts';
import { readPreferences, readSettings } from './notification-preferences.reads.ts';
import { NotificationPreferences } from './notification-preferences.types.ts';
import { NotificationSettings } from './notification-settings.types.ts';

const NotificationPreferenceSetInput = builder.inputType('NotificationPreferenceSetInput', {
  description: 'Whether to be told of a category over a channel.',
  fields: (t) => ({
    projectId: t.globalID({ for: [Project], description: 'Only for this project; left out: for all.' }),
    category: t.field({
      type: EventCategoryEnum,
      description: 'The category; left out: the channel as a whole.',
    }),
    channel: t.field({ type: PersonalChannelEnum, required: true, description: 'The channel.' }),
    enabled: t.boolean({ description: 'Null goes back to the default.' }),
  }),
});

const NotificationSettingsUpdateInput = builder.inputType('NotificationSettingsUpdateInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    locale: t.string({ description: 'Language of messages, BCP 47, such as "de".' }),
    timeZone: t.string({ description: 'IANA name, such as "Europe/Berlin"; null for UTC.' }),
    quietFrom: t.string({ description: 'When quiet hours begin, "HH:MM"; both null for none.' }),
    quietTo: t.string({ description: 'When quiet hours end, "HH:MM".' }),
    digestSeconds: t.int({
      description: 'How long after a first message those of its kind are collected, 0 to 86400; 0 for never.',
    }),
  }),
});

builder.mutationFields((t) => ({
  notificationPreferenceSet: t.withAuth({ person: true }).field({
    type: NotificationPreferences,
    description: 'Chooses whether to be told of a category over a channel. E-mail about security stays on.',
    args: {
      input: t.arg({ type: NotificationPreferenceSetInput, required: true, description: 'The choice.' }),
    },
    errors: { types: [NotFoundError] },
    resolve: async (_root, { input }, context) => {
      const { projectId, category = null, channel, enabled = null } = input;
      const choice = { projectId: projectId?.id ?? null, category, channel, enabled };
      unwrap(await context.usecases.notificationPreferenceSet(context.actor, choice));
      return readPreferences(context);
    },
  }),
  notificationSettingsUpdate: t.withAuth({ person: true }).field({
    type: NotificationSettings,
    description: 'Changes when and in which language the signed-in person is told.',
    args: {
      input: t.arg({ type: NotificationSettingsUpdateInput, required: true, description: 'New values.' }),
    },
    errors: {},
    resolve: async (_root, { input }, context) => {
      const { locale, digestSeconds, ...nullable } = input;
      const patch = { ...nullable, locale: locale ?? undefined, digestSeconds: digestSeconds ?? undefined };
      unwrap(await context.usecases.notificationSettingsUpdate(context.actor, patch));
      return readSettings(context);
    },
  }),
}));
