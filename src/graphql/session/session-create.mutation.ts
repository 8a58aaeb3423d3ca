import { builder } from '../core/builder.ts';
import { User } from '../account/account.types.ts';
import {
  CodeRefusedError,
  EmailNotConfirmedError,
  InvalidCredentialsError,
  SecondFactorRequiredError,
  unwrap,
} from '../core/errors.ts';

const SessionCreateInput = builder.inputType('SessionCreateInput', {
  description: 'Credentials of a person.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'E-mail address.' }),
    password: t.string({ required: true, description: 'Password.' }),
    totpCode: t.string({
      description: 'The six digits that the authenticator shows, where one is set up.',
    }),
    recoveryCode: t.string({
      description:
        'A recovery code in place of the authenticator. It works once and holds payouts for 24 hours.',
    }),
  }),
});

const SessionCreatePayload = builder
  .objectRef<{ token: string; userId: string }>('SessionCreatePayload')
  .implement({
    description: 'A new session. The answer also sets the session cookie.',
    fields: (t) => ({
      token: t.exposeString('token', { description: 'Bearer token of the session; shown once.' }),
      userId: t.globalID({
        description: 'Global id of the person.',
        resolve: ({ userId }) => ({ type: User, id: userId }),
      }),
    }),
  });

builder.mutationFields((t) => ({
  sessionCreate: t.field({
    type: SessionCreatePayload,
    description:
      'Signs a person in. After a right password, SECOND_FACTOR_REQUIRED asks for the same again with a code.',
    args: { input: t.arg({ type: SessionCreateInput, required: true, description: 'The credentials.' }) },
    errors: {
      types: [InvalidCredentialsError, EmailNotConfirmedError, SecondFactorRequiredError, CodeRefusedError],
    },
    resolve: async (_root, { input }, { usecases, client, userAgent, setSessionCookie }) => {
      const session = unwrap(await usecases.sessionCreate({ ...input, client, userAgent }));
      setSessionCookie?.(session.token);
      return session;
    },
  }),
}));
