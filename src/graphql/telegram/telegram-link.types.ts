import { isSelf } from '../audit/self.ts';
import { User } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { checkCursors } from '../project/page-cursor.ts';

export const BotEnum = builder.enumType('Bot', {
  description: 'One of the two Telegram bots.',
  values: {
    INFO: { description: 'Tells a person what happens to the account: sign-ins and changes.' },
    MERCHANT: { description: 'Tells the staff of a merchant what is paid.' },
  } as const,
});

const TelegramLinkEndEnum = builder.enumType('TelegramLinkEnd', {
  description: 'Why a chat is told nothing any more.',
  values: {
    DISCONNECTED: { description: 'The person disconnected it.' },
    BLOCKED: { description: 'The person blocked the bot, or the chat is gone.' },
    REPLACED: { description: 'The chat was connected to the same once more.' },
  } as const,
});

/** Matches no row: an empty OR is false. */
const NOTHING = { OR: [] };
/** A link that nobody pressed Start with is no chat. */
const CONNECTED = { connectedAt: { not: null } };

export const TelegramLink = builder.prismaNode('TelegramLink', {
  description: 'A Telegram chat that a person connected to one of the bots. Nobody else sees it.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({
    id,
    ...CONNECTED,
    ...(actor.type === 'USER' || actor.type === 'OPERATOR' ? { userId: actor.userId } : NOTHING),
  }),
  authScopes: ({ userId }, { actor }) => isSelf(actor, userId),
  runScopesOnType: true,
  fields: (t) => ({
    bot: t.expose('bot', { type: BotEnum, description: 'The bot that writes there.' }),
    merchantId: t.id({
      nullable: true,
      description: 'Global id of the merchant that it tells about; null for the info bot.',
      resolve: ({ merchantId }) => merchantId && encodeGlobalID('Merchant', merchantId),
    }),
    merchantName: t.string({
      nullable: true,
      description: 'Name of that merchant.',
      select: { merchant: { select: { name: true } } },
      resolve: ({ merchant }) => merchant?.name ?? null,
    }),
    connectedAt: t.field({
      type: 'DateTime',
      description: 'When the person pressed Start.',
      resolve: ({ connectedAt, createdAt }) => connectedAt ?? createdAt,
    }),
    mutedUntil: t.expose('mutedUntil', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until then it is told nothing but what is urgent; the year 9999 stands for until the person says otherwise.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is told nothing any more; null for one that is connected.',
    }),
    endReason: t.expose('endReason', {
      type: TelegramLinkEndEnum,
      nullable: true,
      description: 'Why it ended.',
    }),
  }),
});

builder.prismaObjectFields(User, (t) => ({
  telegramLinks: t.relatedConnection('telegramLinks', {
    cursor: 'id',
    description: 'The Telegram chats that the person connected, those that ended too; newest first.',
    query: (args) => {
      checkCursors(args);
      return { where: CONNECTED, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));
