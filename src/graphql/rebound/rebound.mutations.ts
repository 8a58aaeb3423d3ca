import { builder } from '../core/builder.ts';
import {
  IdempotencyKeyReusedError,
  LimitReachedError,
  NotFoundError,
  SecondFactorRequiredError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { Rebound } from './rebound.types.ts';

const ReboundRejectInput = builder.inputType('ReboundRejectInput', {
  description: 'Which rebound to take back.',
  fields: (t) => ({
    reboundId: t.globalID({ required: true, for: [Rebound], description: 'Global id of the rebound.' }),
  }),
});

const ReboundClaimResendInput = builder.inputType('ReboundClaimResendInput', {
  description: 'Whom to ask where a rebound is to go.',
  fields: (t) => ({
    reboundId: t.globalID({ required: true, for: [Rebound], description: 'Global id of the rebound.' }),
    email: t.string({ description: "The payer's e-mail address; the one that is known when left out." }),
    idempotencyKey: t.string({
      description:
        'Repeated with the same key it sends no other mail, and the link that was sent stays good.',
    }),
  }),
});

builder.mutationFields((t) => ({
  reboundReject: t.withAuth({ authenticated: true }).prismaField({
    type: Rebound,
    description:
      'Takes a rebound back whose payer has not said where it is to go: its money waits for a decision again. Safe to repeat.',
    args: { input: t.arg({ type: ReboundRejectInput, required: true, description: 'The rebound.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const done = await usecases.reboundReject(actor, { reboundId: input.reboundId.id });
      return prisma.rebound.findUniqueOrThrow({ ...query, where: { id: unwrap(done).reboundId } });
    },
  }),
  reboundClaimResend: t.withAuth({ authenticated: true }).prismaField({
    type: Rebound,
    description:
      'Sends the payer a link to say where a rebound is to go; a former link works no more. Who names another inbox than the one that is known makes its payout one that needs consents and counts towards the limit of the day.',
    args: { input: t.arg({ type: ReboundClaimResendInput, required: true, description: 'The rebound.' }) },
    errors: {
      types: [
        NotFoundError,
        WrongStateError,
        LimitReachedError,
        IdempotencyKeyReusedError,
        SecondFactorRequiredError,
        StepUpRequiredError,
      ],
    },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const sent = await usecases.reboundClaimResend(actor, { ...input, reboundId: input.reboundId.id });
      return prisma.rebound.findUniqueOrThrow({ ...query, where: { id: unwrap(sent).reboundId } });
    },
  }),
}));
