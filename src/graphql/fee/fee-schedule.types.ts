import { mayOperate } from '../../domain/access/rights.ts';
import { keptAmounts } from '../../domain/fee/fee-schedule.ts';
import { scopeOf } from '../../domain/fee/fee-scope.ts';
import { isCurrencyCode } from '../../domain/money/currencies.ts';
import type { Money } from '../../domain/money/money.ts';
import { payoutMinimums } from '../../domain/payout/payout-terms.ts';
import { acceptedWays, percentOf, wayOf } from '../../domain/project/payment-rules.ts';
import type { FeeSchedule as FeeScheduleRow } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { AssetCodeEnum, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';

type Way = ReturnType<typeof acceptedWays>[number];

const NetworkFee = builder.objectRef<Way & { readonly fee: Money }>('NetworkFee').implement({
  description: 'What sending an asset on over a network costs.',
  fields: (t) => ({
    asset: t.expose('asset', { type: AssetCodeEnum, description: 'What is sent.' }),
    network: t.expose('network', { type: NetworkCodeEnum, description: 'Over which network.' }),
    fee: t.expose('fee', { type: MoneyType, description: 'Taken once a payment.' }),
  }),
});

/** What is kept of fees. */
export type KeptFees = Pick<FeeScheduleRow, 'basisPoints' | 'fixed' | 'network' | 'payoutMinimums'>;

/** Amounts of what the gateway still knows. */
const moneyOf = (amounts: Readonly<Record<string, bigint>>): Money[] =>
  Object.entries(amounts).flatMap(([currency, minorUnits]) =>
    isCurrencyCode(currency) ? [{ currency, minorUnits }] : [],
  );

function networkFees({ network }: KeptFees) {
  const amounts = keptAmounts(network);
  return acceptedWays(Object.keys(amounts)).map((way) => ({
    ...way,
    fee: { currency: way.asset, minorUnits: amounts[wayOf(way)] ?? 0n },
  }));
}

export const Fees = builder.objectRef<KeptFees>('Fees').implement({
  description: 'What the gateway takes of what it credits.',
  fields: (t) => ({
    percent: t.field({
      type: 'Decimal',
      description: 'Of the amount that is credited, in per cent; rounded down.',
      resolve: ({ basisPoints }) => percentOf(basisPoints),
    }),
    fixed: t.field({
      type: [MoneyType],
      description: 'By asset: taken once a payment besides.',
      resolve: ({ fixed }) => moneyOf(keptAmounts(fixed)),
    }),
    network: t.field({
      type: [NetworkFee],
      description: 'By way to pay: taken once a payment, or added to what the payer is asked for.',
      resolve: networkFees,
    }),
    payoutMinimums: t.field({
      type: [MoneyType],
      description: 'By currency: the least that may be paid out; of other currencies anything that arrives.',
      resolve: (kept) => moneyOf(payoutMinimums({ payoutMinimums: keptAmounts(kept.payoutMinimums) })),
    }),
  }),
});

const FeeScopeEnum = builder.enumType('FeeScope', {
  description: 'For whom a fee schedule holds. The narrowest one that there is holds alone.',
  values: {
    GATEWAY: { description: 'For everybody without another one.' },
    MERCHANT: { description: "For a merchant's projects without one of their own." },
    PROJECT: { description: 'For one project.' },
  } as const,
});

export const FeeSchedule = builder.prismaNode('FeeSchedule', {
  description: 'What an operator set for the gateway, a merchant or a project. For operators.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => (mayOperate(actor, 'fee:read') ? { id } : { id, OR: [] }),
  authScopes: { operator: 'fee:read' },
  runScopesOnType: true,
  fields: (t) => ({
    scope: t.field({
      type: FeeScopeEnum,
      description: 'For whom it holds.',
      resolve: (schedule) => scopeOf(schedule).of,
    }),
    merchantId: t.id({
      nullable: true,
      description: "Global id of the merchant, also of a project's; null for the gateway.",
      resolve: ({ merchantId }) => merchantId && encodeGlobalID('Merchant', merchantId),
    }),
    projectId: t.id({
      nullable: true,
      description: 'Global id of the project, if it is for one.',
      resolve: ({ projectId }) => projectId && encodeGlobalID('Project', projectId),
    }),
    fees: t.field({ type: Fees, description: 'What is taken.', resolve: (schedule) => schedule }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was set last.' }),
  }),
});
