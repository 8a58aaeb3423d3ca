import { builder } from '../core/builder.ts';
import {
  AssetNotAvailableError,
  NotFoundError,
  ProjectNotActiveError,
  TestModeOnlyError,
  unwrap,
} from '../core/errors.ts';
import { AssetCodeEnum, ModeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { Payment } from '../payment/payment.types.ts';
import { Project } from '../project/project.types.ts';
import { StaticWallet } from './static-wallet.types.ts';

const StaticWalletCreateInput = builder.inputType('StaticWalletCreateInput', {
  description: 'For which customer, on which network.',
  fields: (t) => ({
    projectId: t.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
    mode: t.field({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'The network.' }),
    customerRef: t.string({
      required: true,
      description: "The shop's own reference of its customer, 1 to 128 characters.",
    }),
    label: t.string({ description: 'What people call it, 1 to 100 characters.' }),
  }),
});

const StaticWalletBlockInput = builder.inputType('StaticWalletBlockInput', {
  description: 'Which static wallet to block.',
  fields: (t) => ({
    staticWalletId: t.globalID({
      required: true,
      for: [StaticWallet],
      description: 'Global id of the wallet.',
    }),
  }),
});

const StaticWalletActivateInput = builder.inputType('StaticWalletActivateInput', {
  description: 'Which static wallet to activate again.',
  fields: (t) => ({
    staticWalletId: t.globalID({
      required: true,
      for: [StaticWallet],
      description: 'Global id of the wallet.',
    }),
  }),
});

const TestDepositSimulateInput = builder.inputType('TestDepositSimulateInput', {
  description: 'A deposit that no chain ever sees.',
  fields: (t) => ({
    staticWalletId: t.globalID({
      required: true,
      for: [StaticWallet],
      description: 'Global id of a TEST wallet.',
    }),
    asset: t.field({
      type: AssetCodeEnum,
      required: true,
      description: "One that the wallet's network carries.",
    }),
    amount: t.field({ type: 'Decimal', required: true, description: 'In whole units of the asset.' }),
  }),
});

builder.mutationFields((t) => ({
  staticWalletCreate: t.withAuth({ authenticated: true }).prismaField({
    type: StaticWallet,
    description:
      'Gives a customer an address of the own. Asked again for the same customer and network: the same wallet.',
    args: { input: t.arg({ type: StaticWalletCreateInput, required: true, description: 'The wallet.' }) },
    errors: { types: [NotFoundError, ProjectNotActiveError, AssetNotAvailableError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { projectId, ...rest } = input;
      const made = await usecases.staticWalletCreate(actor, { ...rest, projectId: projectId?.id ?? null });
      return prisma.staticWallet.findUniqueOrThrow({ ...query, where: { id: unwrap(made).staticWalletId } });
    },
  }),
  staticWalletBlock: t.withAuth({ authenticated: true }).prismaField({
    type: StaticWallet,
    description: 'Blocks a wallet: what is seen from now on is held for a decision. Safe to repeat.',
    args: { input: t.arg({ type: StaticWalletBlockInput, required: true, description: 'The wallet.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const done = await usecases.staticWalletBlock(actor, { staticWalletId: input.staticWalletId.id });
      return prisma.staticWallet.findUniqueOrThrow({ ...query, where: { id: unwrap(done).staticWalletId } });
    },
  }),
  staticWalletActivate: t.withAuth({ authenticated: true }).prismaField({
    type: StaticWallet,
    description: 'Lets a blocked wallet take deposits again. Safe to repeat.',
    args: { input: t.arg({ type: StaticWalletActivateInput, required: true, description: 'The wallet.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const done = await usecases.staticWalletActivate(actor, { staticWalletId: input.staticWalletId.id });
      return prisma.staticWallet.findUniqueOrThrow({ ...query, where: { id: unwrap(done).staticWalletId } });
    },
  }),
  testDepositSimulate: t.withAuth({ authenticated: true }).field({
    type: Payment,
    description: 'Sends a deposit to a TEST wallet, seen and confirmed at once.',
    args: { input: t.arg({ type: TestDepositSimulateInput, required: true, description: 'The deposit.' }) },
    errors: { types: [NotFoundError, TestModeOnlyError, AssetNotAvailableError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const { asset, amount, staticWalletId } = input;
      const sent = await usecases.testDepositSimulate(actor, {
        asset,
        amount,
        staticWalletId: staticWalletId.id,
      });
      const [payment] = await reads.payments.byIds([unwrap(sent).paymentId]);
      if (!payment) throw new Error('a deposit that was just made is not there');
      return payment;
    },
  }),
}));
