import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { ModeEnum, money, MoneyType } from '../money/money.types.ts';

const FiatPayoutStatusEnum = builder.enumType('FiatPayoutStatus', {
  description: 'How a payout to a bank account stands.',
  values: {
    PENDING_APPROVAL: { description: 'Waits for members.' },
    QUEUED: { description: 'Waits for an operator.' },
    CONFIRMED: { description: 'An operator settled it.' },
    FAILED: { description: 'It failed.' },
    CANCELLED: { description: 'The merchant called it off.' },
    REJECTED: { description: 'A member or an operator rejected it.' },
  } as const,
});

/** A type of its own: an operator has no right in any merchant, and nothing of a merchant hangs on it. */
export const FiatPayout = builder.prismaObject('Payout', {
  variant: 'FiatPayout',
  description: 'A payout to a bank account as the operator who transfers it sees it.',
  authScopes: { operator: 'payout:settle' },
  runScopesOnType: true,
  include: { bankAccount: true, merchant: { select: { name: true } } },
  fields: (t) => ({
    payoutId: t.id({
      description: 'Global id of the payout, for fiatPayoutTake, fiatPayoutSettle and fiatPayoutReject.',
      resolve: ({ id }) => encodeGlobalID('Payout', id),
    }),
    mode: t.expose('mode', { type: ModeEnum, description: 'Whether real money is to move.' }),
    status: t.field({
      type: FiatPayoutStatusEnum,
      description: 'How it stands.',
      resolve: ({ status }) => status as typeof FiatPayoutStatusEnum.$inferType,
    }),
    merchantName: t.string({
      description: 'Name of the merchant.',
      resolve: ({ merchant }) => merchant.name,
    }),
    amount: t.field({
      type: MoneyType,
      description: 'What is to be transferred.',
      resolve: ({ arrives, currency }) => money(arrives, currency),
    }),
    holder: t.string({
      description: 'Whose bank account it is.',
      resolve: ({ bankAccount }) => bankAccount?.holder ?? '',
    }),
    account: t.string({
      description: 'IBAN or account number.',
      resolve: ({ bankAccount }) => bankAccount?.account ?? '',
    }),
    bankCode: t.string({
      nullable: true,
      description: 'BIC, routing number or the like.',
      resolve: ({ bankAccount }) => bankAccount?.bankCode ?? null,
    }),
    country: t.string({
      description: "The bank's country, ISO 3166-1, two letters.",
      resolve: ({ bankAccount }) => bankAccount?.country ?? '',
    }),
    bankReference: t.exposeString('bankReference', {
      nullable: true,
      description: "The bank's reference, once it is settled.",
    }),
    reason: t.exposeString('failure', { nullable: true, description: 'Why it was rejected.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    takenAt: t.expose('takenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When an operator took it to transfer it; null: nobody has yet.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was settled or rejected.',
    }),
  }),
});
