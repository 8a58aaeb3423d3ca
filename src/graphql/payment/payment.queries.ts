import type { Actor } from '../../domain/access/actor.ts';
import { mayAt, type RowPlace } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';
import { unwrap } from '../core/errors.ts';
import { given } from '../core/given.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { AssetCodeEnum, ModeEnum, MoneyType, NetworkCodeEnum } from '../money/money.types.ts';
import { listedPlace } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { HeldDecisionEnum, HeldReasonEnum, PaymentStatusEnum, ResolutionEnum } from './payment.enums.ts';
import { formatRate } from '../../domain/money/rate.ts';
import type { ResolvedPayment } from '../../usecases/payment/payment-resolve.ts';
import { NotFoundError, RateUnavailableError, WrongStateError } from '../core/errors.ts';
import { paymentPart, placeOfPayment } from './payment-page.ts';
import { Payment } from './payment.types.ts';

export const PaymentFilter = builder.inputType('PaymentFilter', {
  description: 'Which payments to list; all conditions must hold.',
  fields: (t) => ({
    unresolved: t.boolean({ description: 'With true: only those with money that waits in HELD.' }),
    heldReason: t.field({ type: [HeldReasonEnum], description: 'Held for any of these reasons.' }),
    decision: t.field({ type: HeldDecisionEnum, description: 'What was decided on the held money.' }),
    status: t.field({ type: [PaymentStatusEnum], description: 'Any of these statuses.' }),
    asset: t.field({ type: AssetCodeEnum, description: 'Of this asset.' }),
    network: t.field({ type: NetworkCodeEnum, description: 'Over this network.' }),
    detectedFrom: t.field({ type: 'DateTime', description: 'First seen at this moment or later.' }),
    detectedBefore: t.field({ type: 'DateTime', description: 'First seen before this moment.' }),
  }),
});

/**
 * The filter as the list's query takes it; the export reads it in the same way. What waits for a decision is listed
 * whoever it came for, held deposits only to those who may see static wallets.
 */
export function paymentConditions(actor: Actor, place: RowPlace, filter: typeof PaymentFilter.$inferInput) {
  const { unresolved, ...conditions } = given(filter);
  const withDeposits = unresolved === true && mayAt(actor, 'static_wallet:read', place);
  return {
    ...conditions,
    ...(withDeposits ? {} : { ofInvoices: true }),
    ...(unresolved ? { held: true } : {}),
  };
}

builder.queryFields((t) => ({
  payments: t.withAuth({ authenticated: true }).connection({
    type: Payment,
    description:
      'Payments for the invoices of one project in one mode, newest first; with `unresolved` those that wait for a decision, deposits to static wallets too.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: PaymentFilter, description: 'Which of them.' }),
    },
    resolve: async (_root, { projectId, mode, filter, ...page }, context) => {
      const place = await listedPlace(context, 'invoice:read', projectId?.id, mode);
      const { projectId: listed, mode: listedMode } = place;
      const list = {
        projectId: listed,
        mode: listedMode,
        ...paymentConditions(context.actor, place, filter ?? {}),
      };
      return keysetPage(
        { payments: true, ...list },
        page,
        (part) => context.reads.payments.page({ ...list, ...paymentPart(part) }),
        placeOfPayment,
      );
    },
  }),
}));

const PaymentResolutionPreview = builder.objectRef<ResolvedPayment>('PaymentResolutionPreview').implement({
  description: 'What a decision on held money would do at this moment.',
  fields: (t) => ({
    amount: t.field({
      type: MoneyType,
      description: 'The held amount that it is about.',
      resolve: ({ before }) => ({ minorUnits: before.held, currency: before.asset }),
    }),
    fee: t.field({
      type: MoneyType,
      description: 'What the gateway would take.',
      resolve: ({ before, after }) => ({ minorUnits: after.fee - before.fee, currency: before.asset }),
    }),
    networkFee: t.field({
      type: MoneyType,
      description: 'What would be taken for sending the money on.',
      resolve: ({ before, after }) => ({
        minorUnits: after.networkFee - before.networkFee,
        currency: before.asset,
      }),
    }),
    credited: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What the balance would receive; null when it goes back to the payer.',
      resolve: ({ before, after }) =>
        after.settledCurrency === null || after.held > 0n
          ? null
          : { minorUnits: after.settled - before.settled, currency: after.settledCurrency },
    }),
    rate: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The rate of the moment of payment, where no quote prices it.',
      resolve: ({ before }) => (before.price ? formatRate(before.price.rate) : null),
    }),
    rateAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When that rate was taken.',
      resolve: ({ before }) => before.price?.at ?? null,
    }),
  }),
});

builder.queryField('paymentResolutionPreview', (t) =>
  t.withAuth({ authenticated: true }).field({
    type: PaymentResolutionPreview,
    description: 'What `paymentResolve` would do, without doing it (amount, rate, fee).',
    args: {
      paymentId: t.arg.globalID({ required: true, for: [Payment], description: 'Global id of the payment.' }),
      resolution: t.arg({ type: ResolutionEnum, required: true, description: 'The decision.' }),
    },
    errors: { types: [NotFoundError, WrongStateError, RateUnavailableError] },
    resolve: async (_root, { paymentId, resolution }, { usecases, actor }) =>
      unwrap(await usecases.paymentResolvePreview(actor, { paymentId: paymentId.id, resolution })),
  }),
);
