import type { ClosingCondition } from '../../domain/merchant/closing.ts';
import type { Company } from '../../domain/merchant/company.ts';
import { currencyOf } from '../../domain/money/currencies.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { ClosingConditionsUnmetError, unwrap } from '../core/errors.ts';
import { CurrencyType } from '../money/money.types.ts';

const CompanyType = builder.objectRef<Company>('Company').implement({
  description: 'Who stands behind a business account.',
  fields: (t) => ({
    legalName: t.exposeString('legalName', { description: 'Name in the register.' }),
    registrationNumber: t.exposeString('registrationNumber', { description: 'Number in the register.' }),
    taxNumber: t.exposeString('taxNumber', { nullable: true, description: 'Tax or VAT number.' }),
    country: t.exposeString('country', { description: 'ISO 3166-1, two letters.' }),
    address: t.exposeString('address', { description: 'Street and number.' }),
    city: t.exposeString('city', { description: 'City.' }),
    postalCode: t.exposeString('postalCode', { description: 'Postal code.' }),
  }),
});

const ClosingConditionEnum = builder.enumType('ClosingConditionName', {
  description: 'What an account must be free of before it can be closed.',
  values: {
    NO_OPEN_INVOICES: { description: 'No live invoice waits for its payment.' },
    NO_UNFINISHED_PAYMENTS: { description: 'No live payment waits for confirmations.' },
    NO_BALANCE: { description: 'No money is on the account: available, pending or held.' },
    NOTHING_OWED: { description: 'The account owes nothing.' },
    NO_OPEN_PAYOUTS: { description: 'No payout is on its way.' },
  } as const,
});

const ClosingConditionType = builder.objectRef<ClosingCondition>('ClosingCondition').implement({
  description: 'One condition of closing an account.',
  fields: (t) => ({
    condition: t.expose('condition', { type: ClosingConditionEnum, description: 'Which one.' }),
    met: t.exposeBoolean('met', { description: 'Whether it is met.' }),
    detail: t.exposeString('detail', { description: 'What stands against it, in English.' }),
  }),
});

builder.objectField(ClosingConditionsUnmetError, 'conditions', (t) =>
  t.field({
    type: [ClosingConditionType],
    description: 'All conditions, met or not.',
    resolve: ({ conditions }) => [...conditions],
  }),
);

builder.prismaObjectFields(Merchant, (t) => ({
  currency: t.field({
    type: CurrencyType,
    description: 'The account currency, for statistics and statements.',
    resolve: ({ currency }) => currencyOf(currency),
  }),
  company: t.field({
    type: CompanyType,
    nullable: true,
    description: 'The company of a business account.',
    resolve: ({ company }) => company as Company | null,
  }),
  closingConditions: t.withAuth({ user: true }).field({
    type: [ClosingConditionType],
    description: 'What stands between the account and its closing, one by one.',
    authScopes: ({ id }) => ({ right: { right: 'merchant:close', place: { merchantId: id } } }),
    resolve: async ({ id }, _args, { usecases, actor }) => [
      ...unwrap(await usecases.merchantClosingShow(actor, id)),
    ],
  }),
}));
