import { networkOf, type NetworkCode } from '../../domain/chain/networks.ts';
import type { PayoutOrigin, PayoutStatus } from '../../domain/payout/payout.ts';
import type { Payout as PayoutRow } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import { ModeEnum, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { visibleRows, visibleToMembers } from '../project/visible-rows.ts';

export const PayoutStatusEnum = builder.enumType('PayoutStatus', {
  description: 'How a payout stands. Its amount is set aside until it ends.',
  values: {
    PENDING_APPROVAL: { description: 'Members must agree first.' },
    QUEUED: { description: 'It waits for its turn; it can still be cancelled.' },
    SIGNED: { description: 'Its transaction is signed and stored.' },
    BROADCAST: { description: 'Its transaction was given to the network.' },
    CONFIRMED: { description: 'It has arrived.' },
    FAILED: {
      description:
        'It was not carried out; the amount is available again, that of a refund with the refund; that of a rebound stays held.',
    },
    CANCELLED: { description: 'It was called off.' },
    REJECTED: { description: 'A member or an operator refused it.' },
  } as const satisfies Record<PayoutStatus, { description: string }>,
});

export const PayoutOriginEnum = builder.enumType('PayoutOrigin', {
  description: 'By which path a payout was asked for.',
  values: {
    REQUEST: { description: 'By a person or an API key.' },
    BATCH: { description: 'As a row of a batch.' },
    AUTO_WITHDRAWAL: { description: 'By a rule that sends on what is credited.' },
    REFUND: { description: 'For a refund.' },
    REBOUND: { description: 'For money that goes back to its payer.' },
  } as const satisfies Record<PayoutOrigin, { description: string }>,
});

/** A field with an amount in the payout's currency. */
const amount = (description: string, of: (payout: PayoutRow) => { toFixed(): string }) => ({
  type: MoneyType,
  description,
  resolve: (payout: PayoutRow) => ({ minorUnits: BigInt(of(payout).toFixed()), currency: payout.currency }),
});

export const PayoutApproval = builder.prismaObject('PayoutApproval', {
  description: "A member's consent to a payout.",
  fields: (t) => ({
    revision: t.exposeInt('revision', { description: 'The revision that the member saw.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the member agreed.' }),
  }),
});

export const Payout = builder.prismaNode('Payout', {
  description: 'Money that leaves: to an address, or to a bank account.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({
    id,
    OR: [visibleRows(actor, 'payout:read'), visibleToMembers(actor, 'payout:read')],
  }),
  authScopes: ({ merchantId, projectId, mode }) => ({
    right: {
      right: 'payout:read',
      place: { merchantId, mode, ...(projectId === null ? {} : { projectId }) },
    },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
    status: t.expose('status', { type: PayoutStatusEnum, description: 'How it stands.' }),
    revision: t.exposeInt('revision', {
      description: 'Grows with every change; give the one that you saw when you decide on it.',
    }),
    origin: t.expose('origin', { type: PayoutOriginEnum, description: 'By which path it was asked for.' }),
    debited: t.field(amount('What leaves the balance, fees included.', ({ debited }) => debited)),
    fee: t.field(amount("The gateway's fee.", ({ fee }) => fee)),
    networkFee: t.field(amount('What is taken for sending it.', ({ networkFee }) => networkFee)),
    arrives: t.field(amount('What arrives.', ({ arrives }) => arrives)),
    network: t.field({
      type: NetworkCodeEnum,
      nullable: true,
      description: 'The network; null for a bank account.',
      resolve: ({ network }) => (network === null ? null : (networkOf(network).code as NetworkCode)),
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'Where it goes; null for a bank account.',
    }),
    reference: t.exposeString('reference', { nullable: true, description: 'Your own reference.' }),
    bankReference: t.exposeString('bankReference', {
      nullable: true,
      description: "The operator's reference of the bank transfer.",
    }),
    waitsFor: t.exposeString('waitsFor', {
      nullable: true,
      description:
        'Why it waits although it is queued, such as HOT_WALLET_SHORT, HELD, LIMIT_REACHED or MEMBER_GONE.',
    }),
    takenAt: t.expose('takenAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When an operator began the transfer to the bank account: from then on it cannot be cancelled.',
    }),
    failure: t.exposeString('failure', { nullable: true, description: 'Why it ended without being sent.' }),
    txId: t.exposeString('txId', { nullable: true, description: 'The transaction that carries it.' }),
    approvalsRequired: t.exposeInt('approvalsRequired', { description: 'Members who must agree.' }),
    approvals: t.relation('approvals', {
      description: 'Who has agreed, in which order.',
      query: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
      type: PayoutApproval,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    queuedAt: t.expose('queuedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it had what it needs.',
    }),
    broadcastAt: t.expose('broadcastAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was given to the network.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it came to its last status.',
    }),
  }),
});
