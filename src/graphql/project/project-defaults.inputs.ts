import { builder } from '../core/builder.ts';
import { AssetCodeEnum, CurrencyCodeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { NetworkFeePayerEnum, PaymentPolicyEnum } from './project-defaults.types.ts';

const AssetOnNetworkInput = builder.inputType('AssetOnNetworkInput', {
  description: 'A way to pay: an asset over a network.',
  fields: (t) => ({
    asset: t.field({ type: AssetCodeEnum, required: true, description: 'What is sent.' }),
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'Over which network.' }),
  }),
});

const MoneyInput = builder.inputType('MoneyInput', {
  description: 'An exact amount.',
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', required: true, description: 'In whole units, such as "0.50".' }),
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'The currency of the amount.' }),
  }),
});

const NetworkConfirmationsInput = builder.inputType('NetworkConfirmationsInput', {
  description: 'How long payments over a network wait.',
  fields: (t) => ({
    network: t.field({ type: NetworkCodeEnum, required: true, description: 'The network.' }),
    blocks: t.int({
      required: true,
      description:
        'Blocks until a payment counts as confirmed: at most 144, and not below what the network needs.',
    }),
  }),
});

const ProjectPoliciesInput = builder.inputType('ProjectPoliciesInput', {
  description:
    'What happens to money that does not fit. What is left out stays as it is; null is the default.',
  fields: (t) => ({
    underpaid: t.field({
      type: PaymentPolicyEnum,
      description: 'Too little when the time is over; else HOLD.',
    }),
    overpaid: t.field({ type: PaymentPolicyEnum, description: 'More than the price; else CREDIT.' }),
    late: t.field({ type: PaymentPolicyEnum, description: 'After the time was over; else HOLD.' }),
    duplicate: t.field({
      type: PaymentPolicyEnum,
      description: 'Another payment of what was paid; else HOLD.',
    }),
  }),
});

export const ProjectDefaultsInput = builder.inputType('ProjectDefaultsInput', {
  description:
    'What new invoices begin with, and what happens to their money. What is left out stays as it is; null is the default.',
  fields: (t) => ({
    invoiceLifetimeSeconds: t.int({ description: '60 seconds to 7 days; else 600 seconds.' }),
    acceptedAssets: t.field({
      type: [AssetOnNetworkInput],
      description: 'The ways to pay that payers may choose; empty for all.',
    }),
    underpaidAmount: t.field({
      type: MoneyInput,
      description: 'An invoice that is short by no more than this is paid.',
    }),
    underpaidPercent: t.field({
      type: 'Decimal',
      description: 'Or by no more than this part of the price: 0 to 50 per cent with at most two decimals.',
    }),
    policies: t.field({
      type: ProjectPoliciesInput,
      description: 'What happens to money that does not fit.',
    }),
    confirmations: t.field({
      type: [NetworkConfirmationsInput],
      description: "All networks where they differ from the network's own.",
    }),
    settlementCurrency: t.field({
      type: CurrencyCodeEnum,
      description: 'What is paid is converted to this at the locked rate; else it is credited as it came.',
    }),
    rateSpreadPercent: t.field({
      type: 'Decimal',
      description:
        'Taken off the rates of quotes and settlement: 0 to 10 per cent, at most two decimals; else 0.',
    }),
    rateLockSeconds: t.int({
      description:
        'How long a quote keeps its rate, at most until the invoice ends: 60 seconds to 7 days; else 900 seconds.',
    }),
    monitoringSeconds: t.int({
      description:
        'How long after the end of an invoice the policies decide on its money; later it is held. 0 to 30 days; else one day.',
    }),
    networkFeePayer: t.field({
      type: NetworkFeePayerEnum,
      description: "Who bears the gateway's network fee; else MERCHANT.",
    }),
  }),
});
