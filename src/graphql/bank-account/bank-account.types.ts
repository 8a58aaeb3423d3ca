import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { CurrencyCodeEnum } from '../money/money.types.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { visibleToMembers } from '../project/visible-rows.ts';

export const currencyCode = (code: string) => code as typeof CurrencyCodeEnum.$inferType;

export const BankAccount = builder.prismaNode('BankAccount', {
  description: 'A bank account that payouts in fiat may go to.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleToMembers(actor, 'withdrawal:read') }),
  authScopes: ({ merchantId }) => ({ right: { right: 'withdrawal:read', place: { merchantId } } }),
  runScopesOnType: true,
  fields: (t) => ({
    currency: t.field({
      type: CurrencyCodeEnum,
      description: 'The currency it is paid in.',
      resolve: ({ currency }) => currencyCode(currency),
    }),
    holder: t.exposeString('holder', { description: 'Whose account it is.' }),
    account: t.exposeString('account', {
      description: 'IBAN without spaces, or an account number where banks have none.',
    }),
    bankCode: t.exposeString('bankCode', {
      nullable: true,
      description: 'BIC, routing number or the like; null for an IBAN that was given without one.',
    }),
    country: t.exposeString('country', { description: "The bank's country, ISO 3166-1, two letters." }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
    usableAt: t.expose('usableAt', {
      type: 'DateTime',
      description: 'When payouts may go there: 24 hours after it was added.',
    }),
    removedAt: t.expose('removedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was removed.',
    }),
  }),
});

builder.prismaObjectFields(Merchant, (t) => ({
  bankAccounts: t.relatedConnection('bankAccounts', {
    cursor: 'id',
    description: 'Bank accounts that payouts may go to, newest first.',
    authScopes: ({ id }) => ({ right: { right: 'withdrawal:read', place: { merchantId: id } } }),
    query: (args) => {
      checkCursors(args);
      return { where: { removedAt: null }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));
