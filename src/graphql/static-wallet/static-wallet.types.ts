import type { StaticWalletStatus } from '../../domain/static-wallet/static-wallet.ts';
import { networkOf, type NetworkCode } from '../../domain/chain/networks.ts';
import { builder } from '../core/builder.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { ModeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { paymentPart, placeOfPayment } from '../payment/payment-page.ts';
import { Payment } from '../payment/payment.types.ts';
import { visibleRows } from '../project/visible-rows.ts';

export const StaticWalletStatusEnum = builder.enumType('StaticWalletStatus', {
  description: 'Whether deposits to a static wallet are credited.',
  values: {
    ACTIVE: { description: 'Deposits are credited.' },
    BLOCKED: { description: 'What is seen now is held for a decision.' },
  } as const satisfies Record<StaticWalletStatus, { description: string }>,
});

export const StaticWallet = builder.prismaNode('StaticWallet', {
  description: 'An address for one customer of a shop on one network; whatever arrives there is credited.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleRows(actor, 'static_wallet:read') }),
  authScopes: ({ merchantId, projectId, mode }) => ({
    right: { right: 'static_wallet:read', place: { merchantId, projectId, mode } },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'The network.',
      select: { network: true },
      resolve: ({ network }) => networkOf(network).code as NetworkCode,
    }),
    customerRef: t.exposeString('customerRef', { description: "The shop's own reference of its customer." }),
    label: t.exposeString('label', { nullable: true, description: 'What people call it.' }),
    address: t.exposeString('address', { description: 'Where to send to; belongs to this wallet alone.' }),
    status: t.expose('status', {
      type: StaticWalletStatusEnum,
      description: 'Whether deposits are credited.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    blockedAt: t.expose('blockedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is blocked; null while it is not.',
    }),
    project: t.relation('project', { description: 'The project that it belongs to.' }),
    deposits: t.connection({
      type: Payment,
      description: 'What was sent to it, newest first.',
      select: { id: true, projectId: true, mode: true },
      resolve: ({ id: staticWalletId, projectId, mode }, args, { reads }) =>
        keysetPage(
          { deposits: staticWalletId },
          args,
          (part) => reads.payments.page({ projectId, mode, staticWalletId, ...paymentPart(part) }),
          placeOfPayment,
        ),
    }),
  }),
});

builder.objectField(Payment, 'staticWallet', (t) =>
  t.prismaField({
    type: StaticWallet,
    nullable: true,
    description: 'The static wallet that it came to; null for a payment of an invoice.',
    resolve: (query, { staticWalletId }, _args, { prisma }) =>
      staticWalletId === null
        ? null
        : prisma.staticWallet.findUnique({ ...query, where: { id: staticWalletId } }),
  }),
);
