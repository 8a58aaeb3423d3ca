import { z } from 'zod';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { builder } from '../core/builder.ts';
import { createdBetween } from '../core/created-between.ts';
import { keysetPage, partOf } from '../core/keyset-page.ts';
import { ModeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { listedPlace } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { visibleRows } from '../project/visible-rows.ts';
import { StaticWallet, StaticWalletStatusEnum } from './static-wallet.types.ts';

export const StaticWalletFilter = builder.inputType('StaticWalletFilter', {
  description: 'Which static wallets to list; all conditions must hold.',
  fields: (t) => ({
    network: t.field({ type: NetworkCodeEnum, description: 'On this network.' }),
    status: t.field({ type: StaticWalletStatusEnum, description: 'Of this status.' }),
    customerRef: t.string({
      description: "Of exactly this customer of the shop's.",
      validate: z.string().min(1).max(128).refine(isPlainText, 'This is no text that a wallet can have.'),
    }),
    createdFrom: t.field({ type: 'DateTime', description: 'Created at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created before this moment.' }),
  }),
});

builder.queryFields((t) => ({
  staticWallet: t.withAuth({ authenticated: true }).prismaField({
    type: StaticWallet,
    nullable: true,
    description: 'A static wallet by its id; null when it is not yours to see.',
    args: {
      id: t.arg.globalID({ required: true, for: [StaticWallet], description: 'Global id of the wallet.' }),
    },
    resolve: (query, _root, { id }, { prisma, actor }) =>
      prisma.staticWallet.findFirst({
        ...query,
        where: { id: id.id, ...visibleRows(actor, 'static_wallet:read') },
      }),
  }),
  staticWallets: t.withAuth({ authenticated: true }).connection({
    type: StaticWallet,
    description: 'Static wallets of one project in one mode, newest first. An API key lists its own.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: StaticWalletFilter, description: 'Which of them.' }),
    },
    resolve: async (_root, { projectId, mode, filter, ...page }, context) => {
      const place = await listedPlace(context, 'static_wallet:read', projectId?.id, mode);
      const list = { ...place, ...staticWalletConditions(filter ?? {}) };
      return keysetPage(
        { staticWallets: true, ...list },
        page,
        (part) => {
          const { bounds, ...order } = partOf(part);
          return context.prisma.staticWallet.findMany({
            ...order,
            where: { ...list, AND: bounds },
          });
        },
        (wallet) => wallet,
      );
    },
  }),
}));

/** The filter as Prisma takes it; the export reads it in the same way. */
export const staticWalletConditions = ({
  network,
  status,
  customerRef,
  ...span
}: typeof StaticWalletFilter.$inferInput) => ({
  ...(network ? { network } : {}),
  ...(status ? { status } : {}),
  ...(customerRef ? { customerRef } : {}),
  ...createdBetween(span),
});
