import { activeHold, type HoldReason, type WithdrawalHold } from '../../domain/access/withdrawal-hold.ts';
import { networkOf, type NetworkCode } from '../../domain/chain/networks.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NetworkCodeEnum } from '../money/money.types.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { visibleToMembers } from '../project/visible-rows.ts';
import { holdsOf } from './withdrawal.reads.ts';

const HoldReasonEnum = builder.enumType('WithdrawalHoldReason', {
  description: 'Why no payout leaves for a while.',
  values: {
    PASSWORD_CHANGED: { description: 'A password was changed.' },
    PASSWORD_RESET: { description: 'A forgotten password was replaced.' },
    EMAIL_CHANGED: { description: 'An e-mail address was changed.' },
    PHONE_CHANGED: { description: 'A phone number was changed.' },
    API_KEY_CHANGED: { description: 'A secret LIVE key was made, changed or rotated.' },
    RECOVERY_CODE_USED: { description: 'A recovery code stood for the authenticator.' },
    TWO_FACTOR_RESET: { description: 'The operator took an authenticator off.' },
    TWO_FACTOR_DISABLED: { description: 'An authenticator was taken off.' },
    WHITELIST_DISABLED: { description: 'Payouts to any address were allowed again.' },
    PAYOUT_POLICY_WEAKENED: { description: 'Payouts need less consent, or more may leave in a day.' },
    SESSION_DISOWNED: { description: 'A person said of a sign-in that it was somebody else.' },
  } as const satisfies Record<HoldReason, { description: string }>,
});

export const WithdrawalAddress = builder.prismaNode('WithdrawalAddress', {
  description: 'An address that payouts may go to.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...visibleToMembers(actor, 'withdrawal:read') }),
  authScopes: ({ merchantId }) => ({ right: { right: 'withdrawal:read', place: { merchantId } } }),
  runScopesOnType: true,
  fields: (t) => ({
    network: t.field({
      type: NetworkCodeEnum,
      description: 'The network.',
      select: { network: true },
      resolve: ({ network }) => networkOf(network).code as NetworkCode,
    }),
    address: t.exposeString('address', { description: "In the network's canonical form." }),
    label: t.exposeString('label', { description: 'What people call it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was listed.' }),
    usableAt: t.expose('usableAt', {
      type: 'DateTime',
      description: 'When payouts may go there: 24 hours after it was listed.',
    }),
    removedAt: t.expose('removedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken off the list.',
    }),
  }),
});

interface WithdrawalStatus {
  readonly hold: WithdrawalHold | null;
  readonly whitelistOn: boolean;
}

const WithdrawalStatusType = builder.objectRef<WithdrawalStatus>('WithdrawalStatus').implement({
  description: 'Whether payouts that you ask for leave now.',
  fields: (t) => ({
    held: t.boolean({
      description: 'Whether payouts are held back after a security change.',
      resolve: ({ hold }) => hold !== null,
    }),
    reason: t.field({
      type: HoldReasonEnum,
      nullable: true,
      description: 'The change whose hold ends last.',
      resolve: ({ hold }) => hold?.reason ?? null,
    }),
    heldUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When payouts leave again, if nothing else is changed.',
      resolve: ({ hold }) => hold?.endsAt ?? null,
    }),
    whitelistOn: t.exposeBoolean('whitelistOn', {
      description: 'Whether payouts go to listed addresses only.',
    }),
  }),
});

builder.prismaObjectFields(Merchant, (t) => ({
  withdrawalStatus: t.field({
    type: WithdrawalStatusType,
    description: 'Whether payouts leave now, and why not.',
    authScopes: ({ id }) => ({ right: { right: 'withdrawal:read', place: { merchantId: id } } }),
    select: { id: true, whitelistOn: true },
    resolve: async ({ id, whitelistOn }, _args, context) => ({
      hold: activeHold(await holdsOf(context, id), context.clock.now()),
      whitelistOn,
    }),
  }),
  withdrawalAddresses: t.relatedConnection('withdrawalAddresses', {
    cursor: 'id',
    description: 'Addresses that payouts may go to, newest first.',
    authScopes: ({ id }) => ({ right: { right: 'withdrawal:read', place: { merchantId: id } } }),
    query: (args) => {
      checkCursors(args);
      return { where: { removedAt: null }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
}));
