import type { TelegramDeepLink } from '../../usecases/telegram/telegram-link-create.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap } from '../core/errors.ts';

const BotEnum = builder.enumType('Bot', {
  description: 'One of the two Telegram bots.',
  values: {
    INFO: { description: 'Tells a person what happens to the account: sign-ins and changes.' },
    MERCHANT: { description: 'Tells the staff of a merchant what is paid.' },
  } as const,
});

const TelegramLinkCreateInput = builder.inputType('TelegramLinkCreateInput', {
  description: 'Which bot to connect.',
  fields: (t) => ({
    bot: t.field({ type: BotEnum, required: true, description: 'The bot.' }),
    merchantId: t.globalID({
      for: [Merchant],
      description: 'For the merchant bot: the merchant it tells about.',
    }),
  }),
});

const TelegramLinkCreatePayload = builder.objectRef<TelegramDeepLink>('TelegramLinkCreatePayload').implement({
  description: 'A link that connects a Telegram chat when the person presses Start there.',
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      description: 'Opens the bot in Telegram; works once.',
      resolve: ({ url }) => url,
    }),
    token: t.exposeString('token', {
      description: 'What the link carries, for a button of your own; shown once.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
  }),
});

builder.mutationFields((t) => ({
  telegramLinkCreate: t.withAuth({ user: true }).field({
    type: TelegramLinkCreatePayload,
    description: 'Makes a link that connects a Telegram chat to one of the bots.',
    args: { input: t.arg({ type: TelegramLinkCreateInput, required: true, description: 'The bot.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (_root, { input }, { usecases, actor }) => {
      const merchant = input.merchantId ? { merchantId: input.merchantId.id } : {};
      return unwrap(await usecases.telegramLinkCreate(actor, { bot: input.bot, ...merchant }));
    },
  }),
}));
