import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap, WrongStateError } from '../core/errors.ts';
import { Delivery } from './delivery.types.ts';

const DeliveryRetryInput = builder.inputType('DeliveryRetryInput', {
  description: 'A message to send again.',
  fields: (t) => ({
    deliveryId: t.globalID({
      required: true,
      for: [Delivery],
      description: 'Global id of a delivery to yourself that is FAILED or UNKNOWN.',
    }),
  }),
});

builder.mutationFields((t) => ({
  deliveryRetry: t.withAuth({ person: true }).prismaField({
    type: Delivery,
    description:
      'Sends a message of your own again, with all that was one message with it. One that is UNKNOWN may come twice.',
    args: { input: t.arg({ type: DeliveryRetryInput, required: true, description: 'The message.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const retried = await usecases.deliveryRetry(actor, { deliveryId: input.deliveryId.id });
      const { deliveryId } = unwrap(retried);
      return prisma.delivery.findUniqueOrThrow({ ...query, where: { id: deliveryId } });
    },
  }),
}));
