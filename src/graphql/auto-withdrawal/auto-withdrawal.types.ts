import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, money, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { visibleToMembers } from '../project/visible-rows.ts';

const DisabledReasonEnum = builder.enumType('AutoWithdrawalDisabledReason', {
  description: 'Why credited money is not sent on any more.',
  values: {
    BY_MEMBER: { description: 'A member disabled the rule, or closed the account.' },
    FAILING: { description: 'It failed five times in a row.' },
  } as const,
});

export const AutoWithdrawal = builder.prismaNode('AutoWithdrawal', {
  description:
    'A rule that sends on what is credited in LIVE mode, as soon as the balance reaches its threshold.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleToMembers(actor, 'payout:read') }),
  authScopes: ({ merchantId }) => ({ right: { right: 'payout:read', place: { merchantId } } }),
  runScopesOnType: true,
  fields: (t) => ({
    asset: t.field({
      type: AssetCodeEnum,
      description: 'What is sent.',
      resolve: ({ asset }) => asset as typeof AssetCodeEnum.$inferType,
    }),
    network: t.field({
      type: NetworkCodeEnum,
      description: 'Over which network.',
      resolve: ({ network }) => network as typeof NetworkCodeEnum.$inferType,
    }),
    address: t.exposeString('address', { description: "Where to, in the network's canonical form." }),
    threshold: t.field({
      type: MoneyType,
      description: 'Nothing is sent while the available balance is below it.',
      resolve: ({ threshold, asset }) => money(threshold, asset),
    }),
    failures: t.exposeInt('failures', { description: 'Failures in a row; five disable the rule.' }),
    waitsFor: t.exposeString('waitsFor', {
      nullable: true,
      description:
        'Why nothing is sent at the moment although there is enough, such as HELD, ADDRESS_COOLING_OFF or LIMIT_REACHED.',
    }),
    lookAt: t.expose('lookAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried again, where something keeps it from sending that passes with time.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the rule was made.' }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was disabled; null while it is active.',
    }),
    disabledReason: t.field({
      type: DisabledReasonEnum,
      nullable: true,
      description: 'Why it was disabled.',
      resolve: ({ disabledWhy }) => disabledWhy as typeof DisabledReasonEnum.$inferType | null,
    }),
  }),
});

builder.prismaObjectFields(Merchant, (t) => ({
  autoWithdrawals: t.relatedConnection('autoWithdrawals', {
    cursor: 'id',
    description: 'Rules of automatic withdrawals, disabled ones too, newest first.',
    authScopes: ({ id }) => ({ right: { right: 'payout:read', place: { merchantId: id } } }),
    query: (args) => {
      checkCursors(args);
      return { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));
