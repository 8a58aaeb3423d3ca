import { builder } from '../core/builder.ts';

export const PersonalChannelEnum = builder.enumType('PersonalChannel', {
  description: 'Where a person is told, besides the notification centre.',
  values: {
    EMAIL: { description: 'E-mail.' },
    SMS: { description: 'A text message to the phone.' },
    INFO_BOT: { description: 'The Telegram bot that tells of the account.' },
    MERCHANT_BOT: { description: 'The Telegram bot that tells of payments.' },
  } as const,
});

export const NotificationStateEnum = builder.enumType('NotificationState', {
  description: 'What became of notifications.',
  values: {
    UNREAD: { description: 'Neither read nor archived.' },
    READ: { description: 'Read, and not archived.' },
    ARCHIVED: { description: 'Archived.' },
    ALL: { description: 'All of them, archived ones too.' },
  } as const,
});
