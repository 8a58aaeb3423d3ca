import {
  acceptedWays,
  keptConfirmations,
  percentOf,
  type PaymentPolicy,
  type PolicyOccasion,
} from '../../domain/project/payment-rules.ts';
import { currencyOf } from '../../domain/money/currencies.ts';
import type { Project as ProjectRow } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, CurrencyType, money, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { Project } from './project.types.ts';

export const PaymentPolicyEnum = builder.enumType('PaymentPolicy', {
  description: 'What happens to money that does not fit its invoice.',
  values: {
    HOLD: { description: 'It is kept until somebody decides.' },
    CREDIT: { description: 'It is credited to the merchant.' },
    REBOUND: { description: 'It goes back to the payer.' },
  } as const,
});

export const NetworkFeePayerEnum = builder.enumType('NetworkFeePayer', {
  description: "Who bears the gateway's network fee.",
  values: {
    MERCHANT: { description: 'It is taken off what is credited.' },
    PAYER: { description: 'It is added to what the payer is asked for.' },
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
    settlementCurrency: t.field({
      type: CurrencyType,
      nullable: true,
      description:
        'What is paid is converted to this at the locked rate; null when it is credited as it came.',
      resolve: ({ settlementCurrency }) =>
        settlementCurrency === null ? null : currencyOf(settlementCurrency),
    }),
    rateSpreadPercent: t.field({
      type: 'Decimal',
      description: 'Taken off the rates of quotes and settlement, in per cent.',
      resolve: (project) => percentOf(project.rateSpreadBasisPoints),
    }),
    rateLockSeconds: t.exposeInt('rateLockSeconds', {
      description: 'How long a quote keeps its rate, at most until the invoice ends.',
    }),
    monitoringSeconds: t.exposeInt('monitoringSeconds', {
      description: 'How long after the end of an invoice the policies decide on its money; later it is held.',
    }),
    networkFeePayer: t.expose('networkFeePayer', {
      type: NetworkFeePayerEnum,
      description: "Who bears the gateway's network fee.",
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
