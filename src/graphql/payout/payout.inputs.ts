import type { FeesFrom } from '../../domain/payout/payout-terms.ts';
import type { SimulatedEnd } from '../../usecases/payout/test-payout-simulate.ts';
import { Merchant } from '../account/account.types.ts';
import { BankAccount } from '../bank-account/bank-account.types.ts';
import { builder } from '../core/builder.ts';
import { CurrencyCodeEnum, ModeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { Payout } from './payout.types.ts';

const FeesFromEnum = builder.enumType('PayoutFeesFrom', {
  description: 'What the fees of a payout are taken from.',
  values: {
    AMOUNT: { description: 'From the amount: less arrives.' },
    BALANCE: { description: 'From the balance: the amount arrives.' },
  } as const satisfies Record<FeesFrom, { description: string }>,
});

const SimulatedPayoutEndEnum = builder.enumType('SimulatedPayoutEnd', {
  description: 'How a simulated payout ends.',
  values: {
    CONFIRMED: { description: 'It arrives.' },
    FAILED: { description: 'It fails, and nothing leaves.' },
  } as const satisfies Record<SimulatedEnd, { description: string }>,
});

export const PayoutRequestInput = builder.inputType('PayoutRequestInput', {
  description: 'A payout: to an address over a network, or in a fiat currency to a bank account.',
  fields: (t) => ({
    merchantId: t.globalID({ for: [Merchant], description: 'Needed from a signed-in person.' }),
    mode: t.field({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'What is paid out.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'In whole units, such as "12.50".' }),
    network: t.field({ type: NetworkCodeEnum, description: 'The network, for a crypto currency.' }),
    address: t.string({ description: 'An address of that network.' }),
    bankAccountId: t.globalID({
      for: [BankAccount],
      description: 'Global id of a bank account, for a fiat currency.',
    }),
    feesFrom: t.field({ type: FeesFromEnum, description: 'AMOUNT unless said.' }),
    reference: t.string({ description: 'Your own reference, up to 140 characters.' }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key gives the same payout, however much later.',
    }),
  }),
});

const PayoutBatchRowInput = builder.inputType('PayoutBatchRowInput', {
  description: 'A payout of a batch.',
  fields: (t) => ({
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'What is paid out.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'In whole units, such as "12.50".' }),
    network: t.field({ type: NetworkCodeEnum, description: 'The network, for a crypto currency.' }),
    address: t.string({ description: 'An address of that network.' }),
    bankAccountId: t.globalID({
      for: [BankAccount],
      description: 'Global id of a bank account, for a fiat currency.',
    }),
    feesFrom: t.field({ type: FeesFromEnum, description: 'AMOUNT unless said.' }),
    reference: t.string({ description: 'Your own reference, up to 140 characters.' }),
  }),
});

export const PayoutBatchCreateInput = builder.inputType('PayoutBatchCreateInput', {
  description: 'Many payouts at once, each made or refused by itself.',
  fields: (t) => ({
    merchantId: t.globalID({ for: [Merchant], description: 'Needed from a signed-in person.' }),
    mode: t.field({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    rows: t.field({ type: [PayoutBatchRowInput], required: true, description: '1 to 200 payouts.' }),
    idempotencyKey: t.string({
      required: true,
      description: 'A repeated batch with the same key gives the same payouts, however much later.',
    }),
  }),
});

export const TestPayoutSimulateInput = builder.inputType('TestPayoutSimulateInput', {
  description: 'How a TEST payout ends.',
  fields: (t) => ({
    payoutId: t.globalID({ required: true, for: [Payout], description: 'Global id of the payout.' }),
    outcome: t.field({ type: SimulatedPayoutEndEnum, description: 'CONFIRMED unless said.' }),
  }),
});

export const PayoutDecisionInput = builder.inputType('PayoutDecisionInput', {
  description: 'What is decided on a payout as it was seen.',
  fields: (t) => ({
    payoutId: t.globalID({ required: true, for: [Payout], description: 'Global id of the payout.' }),
    revision: t.int({ required: true, description: 'The revision that you saw.' }),
    reason: t.string({ description: 'Why, for those who are told.' }),
  }),
});

export const CurrencyAmountInput = builder.inputType('CurrencyAmountInput', {
  description: 'An amount of a currency.',
  fields: (t) => ({
    currency: t.field({ type: CurrencyCodeEnum, required: true, description: 'The currency.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'In whole units.' }),
  }),
});

export const PayoutPolicyUpdateInput = builder.inputType('PayoutPolicyUpdateInput', {
  description: 'What payouts of a merchant need.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    revision: t.int({
      required: true,
      description: 'The revision of the policy that you saw: the lists take the place of what stands there.',
    }),
    approvalsRequired: t.int({
      required: true,
      description: 'Members who must agree besides the one who asks: 0 to 5.',
    }),
    approvalAbove: t.field({
      type: [CurrencyAmountInput],
      required: true,
      description: 'From which amount on, by currency; none means always.',
    }),
    dailyLimit: t.field({
      type: [CurrencyAmountInput],
      required: true,
      description:
        'What may be asked for, and what may be sent, within any 24 hours, by currency; none means no limit. A refund counts in what is sent and in what is debited for it.',
    }),
  }),
});
