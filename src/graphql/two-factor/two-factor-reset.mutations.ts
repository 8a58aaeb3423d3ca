import { builder } from '../core/builder.ts';
import {
  InvalidTokenError,
  NotFoundError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { TwoFactorResetRequest } from './two-factor-reset.types.ts';

const TwoFactorResetRequestInput = builder.inputType('TwoFactorResetRequestInput', {
  description: 'Credentials of a person who lost the authenticator and the recovery codes.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'E-mail address.' }),
    password: t.string({ required: true, description: 'Password.' }),
  }),
});

const TwoFactorResetRequestPayload = builder
  .objectRef<{ email: string }>('TwoFactorResetRequestPayload')
  .implement({
    description: 'The same answer for everybody. A mail is sent where all of it is right.',
    fields: (t) => ({ email: t.exposeString('email', { description: 'Where the link would be sent.' }) }),
  });

const TwoFactorResetFileInput = builder.inputType('TwoFactorResetFileInput', {
  description: 'A request to the operators.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token in the link of the e-mail.' }),
    reason: t.string({ required: true, description: 'What happened, in 10 to 1000 characters.' }),
  }),
});

const TwoFactorResetFilePayload = builder
  .objectRef<{ filed: boolean }>('TwoFactorResetFilePayload')
  .implement({
    description: 'The operators are asked; the answer comes by e-mail.',
    fields: (t) => ({ filed: t.exposeBoolean('filed', { description: 'Always true.' }) }),
  });

const TwoFactorResetDecisionEnum = builder.enumType('TwoFactorResetDecision', {
  description: 'What an operator decided on a lost authenticator.',
  values: {
    APPROVED: { description: 'It is taken off.' },
    REJECTED: { description: 'It stays.' },
  } as const,
});

const TwoFactorResetDecideInput = builder.inputType('TwoFactorResetDecideInput', {
  description: 'A decision on a lost authenticator.',
  fields: (t) => ({
    requestId: t.globalID({
      required: true,
      for: [TwoFactorResetRequest],
      description: 'Global id of the request.',
    }),
    decision: t.field({ type: TwoFactorResetDecisionEnum, required: true, description: 'The decision.' }),
    answer: t.string({ required: true, description: 'What the person is told, 10 to 1000 characters.' }),
  }),
});

builder.mutationFields((t) => ({
  twoFactorResetRequest: t.field({
    type: TwoFactorResetRequestPayload,
    description: 'Mails the link by which a person who lost the authenticator asks the operators.',
    args: {
      input: t.arg({ type: TwoFactorResetRequestInput, required: true, description: 'The credentials.' }),
    },
    errors: {},
    resolve: async (_root, { input }, { usecases, client }) =>
      unwrap(await usecases.twoFactorResetRequest({ type: 'ANONYMOUS', client }, input)),
  }),
  twoFactorResetFile: t.field({
    type: TwoFactorResetFilePayload,
    description: 'Asks the operators to take a lost authenticator off. The link works once, for an hour.',
    args: { input: t.arg({ type: TwoFactorResetFileInput, required: true, description: 'The request.' }) },
    errors: { types: [InvalidTokenError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, client }) => {
      unwrap(await usecases.twoFactorResetFile({ type: 'ANONYMOUS', client }, input));
      return { filed: true };
    },
  }),
  twoFactorResetDecide: t.withAuth({ operator: 'two_factor:reset' }).prismaField({
    type: TwoFactorResetRequest,
    description:
      'Decides on a lost authenticator; for operators. Approval ends the sessions of the person and holds payouts. Asks for sessionStepUp.',
    args: { input: t.arg({ type: TwoFactorResetDecideInput, required: true, description: 'The decision.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { requestId } = unwrap(
        await usecases.twoFactorResetDecide(actor, { ...input, requestId: input.requestId.id }),
      );
      return prisma.twoFactorResetRequest.findUniqueOrThrow({ ...query, where: { id: requestId } });
    },
  }),
}));
