import { queryFromInfo } from '@pothos/plugin-prisma';
import { currencyOf } from '../../domain/money/currencies.ts';
import type { PayoutPreviewed } from '../../usecases/payout/payout-preview.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap, WrongStateError } from '../core/errors.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { CurrencyType, ModeEnum, MoneyType } from '../money/money.types.ts';
import { visibleRows, visibleToMembers } from '../project/visible-rows.ts';
import { PayoutFilter, payoutPage, payoutsOf } from './payout-filter.ts';
import { PayoutRequestInput } from './payout.inputs.ts';
import { Payout } from './payout.types.ts';

const PayoutPreviewType = builder.objectRef<PayoutPreviewed>('PayoutPreview').implement({
  description: 'What a payout would come to now.',
  fields: (t) => ({
    currency: t.field({
      type: CurrencyType,
      description: 'The currency.',
      resolve: ({ currency }) => currencyOf(currency),
    }),
    debited: t.field({
      type: MoneyType,
      description: 'What would leave the balance.',
      resolve: ({ debited, currency }) => ({ minorUnits: debited, currency }),
    }),
    fee: t.field({
      type: MoneyType,
      description: "The gateway's fee.",
      resolve: ({ fee, currency }) => ({ minorUnits: fee, currency }),
    }),
    networkFee: t.field({
      type: MoneyType,
      description: 'What would be taken for sending it.',
      resolve: ({ networkFee, currency }) => ({ minorUnits: networkFee, currency }),
    }),
    arrives: t.field({
      type: MoneyType,
      description: 'What would arrive.',
      resolve: ({ arrives, currency }) => ({ minorUnits: arrives, currency }),
    }),
    approvalsRequired: t.exposeInt('approvalsRequired', { description: 'Members who would have to agree.' }),
    isCovered: t.exposeBoolean('isCovered', {
      description: 'Whether the balance has as much at the moment.',
    }),
    isWithinDayLimit: t.exposeBoolean('isWithinDayLimit', {
      description: 'Whether as much more may leave within the 24 hours that end now.',
    }),
  }),
});

builder.queryFields((t) => ({
  payout: t.withAuth({ authenticated: true }).prismaField({
    type: Payout,
    nullable: true,
    description: 'A payout by its id; null when it is not yours to see.',
    args: { id: t.arg.globalID({ required: true, for: [Payout], description: 'Global id of the payout.' }) },
    resolve: (query, _root, { id }, { prisma, actor }) =>
      prisma.payout.findFirst({
        ...query,
        where: {
          id: id.id,
          OR: [visibleRows(actor, 'payout:read'), visibleToMembers(actor, 'payout:read')],
        },
      }),
  }),
  payouts: t.withAuth({ authenticated: true }).connection({
    type: Payout,
    description:
      'Payouts of a merchant in one mode, newest first. Needs payout:read: in the merchant as a whole, or in the project ' +
      'that the filter names. An API key lists those of its own project.',
    args: {
      merchantId: t.arg.globalID({ for: [Merchant], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: PayoutFilter, description: 'Which of them.' }),
    },
    resolve: async (_root, { merchantId, mode, filter, ...page }, context, info) => {
      const list = await payoutsOf(context, { merchantId: merchantId?.id, mode }, filter ?? {});
      const query = queryFromInfo({ context, info, path: ['edges', 'node'] });
      return keysetPage(
        { payouts: true, ...list },
        page,
        (part) => payoutPage(context.prisma, list, part, query),
        (payout) => payout,
      );
    },
  }),
  payoutPreview: t.withAuth({ authenticated: true }).field({
    type: PayoutPreviewType,
    description: 'What a payout would come to now, or why it would be refused. Nothing is written.',
    args: { input: t.arg({ type: PayoutRequestInput, required: true, description: 'The payout.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(
        await usecases.payoutPreview(actor, {
          ...input,
          merchantId: input.merchantId?.id,
          bankAccountId: input.bankAccountId?.id,
        }),
      ),
  }),
}));
