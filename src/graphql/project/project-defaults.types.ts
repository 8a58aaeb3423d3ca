import {
  acceptedWays,
  keptConfirmations,
  percentOf,
  type PaymentPolicy,
  type PolicyOccasion,
} from '../../domain/project/payment-rules.ts';
import type { Project as ProjectRow } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, money, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { Project } from './project.types.ts';

export const PaymentPolicyEnum = builder.enumType('PaymentPolicy', {
  description: 'What happens to money that does not fit its invoice.',
  values: {
    HOLD: { description: 'It is kept until somebody decides.' },
    CREDIT: { description: 'It is credited to the merchant.' },
    REBOUND: { description: 'It goes back to the payer.' },
  } as const,
});

const AssetOnNetwork = builder
  .objectRef<ReturnType<typeof acceptedWays>[number]>('AssetOnNetwork')
  .implement({
    description: 'A way to pay: an asset over a network.',
    fields: (t) => ({
      asset: t.expose('asset', { type: AssetCodeEnum, description: 'What is sent.' }),
      network: t.expose('network', { type: NetworkCodeEnum, description: 'Over which network.' }),
    }),
  });

const NetworkConfirmations = builder
  .objectRef<ReturnType<typeof keptConfirmations>[number]>('NetworkConfirmations')
  .implement({
    description: 'How long payments over a network wait.',
    fields: (t) => ({
      network: t.expose('network', { type: NetworkCodeEnum, description: 'The network.' }),
      blocks: t.exposeInt('blocks', { description: 'Blocks until a payment counts as confirmed.' }),
    }),
  });

const ProjectPolicies = builder
  .objectRef<Readonly<Record<PolicyOccasion, PaymentPolicy>>>('ProjectPolicies')
  .implement({
    description: 'What happens to money that does not fit its invoice, by occasion.',
    fields: (t) => ({
      underpaid: t.expose('underpaid', {
        type: PaymentPolicyEnum,
        description: 'Too little when the time is over.',
      }),
      overpaid: t.expose('overpaid', { type: PaymentPolicyEnum, description: 'More than the price.' }),
      late: t.expose('late', { type: PaymentPolicyEnum, description: 'After the time was over.' }),
      duplicate: t.expose('duplicate', {
        type: PaymentPolicyEnum,
        description: 'Another payment of what was paid.',
      }),
    }),
  });

const ProjectDefaults = builder.objectRef<ProjectRow>('ProjectDefaults').implement({
  description: 'What new invoices of a project begin with, and what happens to their money.',
  fields: (t) => ({
    invoiceLifetimeSeconds: t.exposeInt('invoiceLifetimeSeconds', {
      description: 'How long an invoice can be paid unless it says otherwise.',
    }),
    acceptedAssets: t.field({
      type: [AssetOnNetwork],
      description: 'The ways to pay that payers may choose; empty for all.',
      resolve: (project) => acceptedWays(project.acceptedAssets),
    }),
    underpaidAmount: t.field({
      type: MoneyType,
      nullable: true,
      description: 'An invoice that is short by no more than this is paid; null for none.',
      resolve: ({ underpaidAmount, underpaidCurrency }) =>
        underpaidAmount && underpaidCurrency ? money(underpaidAmount, underpaidCurrency) : null,
    }),
    underpaidPercent: t.field({
      type: 'Decimal',
      description: 'Or by no more than this part of the price, in per cent.',
      resolve: (project) => percentOf(project.underpaidBasisPoints),
    }),
    policies: t.field({
      type: ProjectPolicies,
      description: 'What happens to money that does not fit.',
      resolve: (project) => ({
        underpaid: project.underpaidPolicy,
        overpaid: project.overpaidPolicy,
        late: project.latePolicy,
        duplicate: project.duplicatePolicy,
      }),
    }),
    confirmations: t.field({
      type: [NetworkConfirmations],
      description: "Where they differ from the network's own.",
      resolve: (project) => [...keptConfirmations(project.confirmations)],
    }),
  }),
});

builder.prismaObjectFields(Project, (t) => ({
  defaults: t.field({
    type: ProjectDefaults,
    description: 'What new invoices begin with, and what happens to their money. Never shown to payers.',
    resolve: (project) => project,
  }),
}));
