import type { TelegramDeepLink } from '../../usecases/telegram/telegram-link-create.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap } from '../core/errors.ts';
import { BotEnum, TelegramLink } from './telegram-link.types.ts';

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
    qr: t.exposeString('qr', {
      description: 'The link as a QR code: an SVG element, for a telephone in front of this screen.',
    }),
    token: t.exposeString('token', {
      description: 'What the link carries, for a button of your own; shown once.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
  }),
});

const TelegramLinkDisconnectInput = builder.inputType('TelegramLinkDisconnectInput', {
  description: 'Which chat to disconnect.',
  fields: (t) => ({
    telegramLinkId: t.globalID({
      required: true,
      for: [TelegramLink],
      description: 'Global id of the connected chat.',
    }),
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
  telegramLinkDisconnect: t.withAuth({ user: true }).prismaField({
    type: TelegramLink,
    description: 'Disconnects a Telegram chat of your own: it is told nothing any more.',
    args: { input: t.arg({ type: TelegramLinkDisconnectInput, required: true, description: 'The chat.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { linkId } = unwrap(
        await usecases.telegramLinkDisconnect(actor, { linkId: input.telegramLinkId.id }),
      );
      return prisma.telegramLink.findUniqueOrThrow({ ...query, where: { id: linkId } });
    },
  }),
}));
