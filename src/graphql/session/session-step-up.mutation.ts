import { builder } from '../core/builder.ts';
import {
  CodeRefusedError,
  InvalidCredentialsError,
  SecondFactorRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';

const SessionStepUpInput = builder.inputType('SessionStepUpInput', {
  description:
    'One proof that the person is there: a code where an authenticator is set up, else the password.',
  fields: (t) => ({
    password: t.string({ description: 'Password; only without an authenticator.' }),
    totpCode: t.string({ description: 'The six digits that the authenticator shows.' }),
    recoveryCode: t.string({
      description:
        'A recovery code in place of the authenticator. It works once and holds payouts for 24 hours.',
    }),
  }),
});

const SessionStepUpPayload = builder
  .objectRef<{ token: string; until: Date }>('SessionStepUpPayload')
  .implement({
    description: 'The proof was taken. The answer also sets the session cookie.',
    fields: (t) => ({
      token: t.exposeString('token', {
        description: 'New bearer token of the session; the one before does not work any more. Shown once.',
      }),
      until: t.expose('until', {
        type: 'DateTime',
        description: 'Until when the session may do what asks for a proof.',
      }),
    }),
  });

builder.mutationFields((t) => ({
  sessionStepUp: t.withAuth({ person: true }).field({
    type: SessionStepUpPayload,
    description: 'Proves anew that the person is there, which opens sensitive changes for ten minutes.',
    args: { input: t.arg({ type: SessionStepUpInput, required: true, description: 'The proof.' }) },
    errors: {
      types: [InvalidCredentialsError, SecondFactorRequiredError, CodeRefusedError, WrongStateError],
    },
    resolve: async (_root, { input }, { usecases, actor, setSessionCookie }) => {
      const stepped = unwrap(await usecases.sessionStepUp(actor, input));
      setSessionCookie?.(stepped.token);
      return stepped;
    },
  }),
}));
