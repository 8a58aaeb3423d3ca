import { builder } from '../core/builder.ts';
import { NotFoundError, RateUnavailableError, unwrap, WrongStateError } from '../core/errors.ts';
import { ResolutionEnum } from './payment.enums.ts';
import { Payment } from './payment.types.ts';

const PaymentResolveInput = builder.inputType('PaymentResolveInput', {
  description: 'A decision on held money.',
  fields: (t) => ({
    paymentId: t.globalID({ required: true, for: [Payment], description: 'Global id of the payment.' }),
    resolution: t.field({ type: ResolutionEnum, required: true, description: 'The decision.' }),
  }),
});

builder.mutationField('paymentResolve', (t) =>
  t.withAuth({ authenticated: true }).field({
    type: Payment,
    description:
      'Credits held money, or marks it to go back to the payer, which can still become a credit. A repeat gives the same answer.',
    args: { input: t.arg({ type: PaymentResolveInput, required: true, description: 'The decision.' }) },
    errors: { types: [NotFoundError, WrongStateError, RateUnavailableError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const { resolution, paymentId } = input;
      unwrap(await usecases.paymentResolve(actor, { paymentId: paymentId.id, resolution }));
      const [payment] = await reads.payments.byIds([paymentId.id]);
      if (!payment) throw new Error('a payment that was just decided on is not there');
      return payment;
    },
  }),
);
