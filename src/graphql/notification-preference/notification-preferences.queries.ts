import { builder } from '../core/builder.ts';
import { readPreferences, readSettings } from './notification-preferences.reads.ts';
import { NotificationPreferences } from './notification-preferences.types.ts';
import { NotificationSettings } from './notification-settings.types.ts';

builder.queryFields((t) => ({
  notificationPreferences: t.withAuth({ person: true }).field({
    type: NotificationPreferences,
    description: 'Where the signed-in person is told of what.',
    resolve: (_root, _args, context) => readPreferences(context),
  }),
  notificationSettings: t.withAuth({ person: true }).field({
    type: NotificationSettings,
    description: 'When and in which language the signed-in person is told.',
    resolve: (_root, _args, context) => readSettings(context),
  }),
}));
