import { builder } from '../core/builder.ts';
import { InvalidCredentialsError, InvalidTokenError, unwrap } from '../core/errors.ts';

const PasswordResetRequestInput = builder.inputType('PasswordResetRequestInput', {
  description: 'Who forgot the password.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'E-mail address of the account.' }),
  }),
});

const PasswordResetRequestPayload = builder
  .objectRef<{ email: string }>('PasswordResetRequestPayload')
  .implement({
    description: 'The request was taken; the same answer is given for an address that has no account.',
    fields: (t) => ({
      email: t.exposeString('email', { description: 'Where the link was sent, if there is an account.' }),
    }),
  });

const PasswordResetInput = builder.inputType('PasswordResetInput', {
  description: 'A new password and the proof that it may be set.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token in the link of the e-mail.' }),
    password: t.string({
      required: true,
      description:
        'The new password: 8 to 256 characters, none that many people use or that is easy to guess.',
    }),
  }),
});

const PasswordResetPayload = builder.objectRef<{ reset: boolean }>('PasswordResetPayload').implement({
  description: 'The new password is set; sign in now.',
  fields: (t) => ({ reset: t.exposeBoolean('reset', { description: 'Always true.' }) }),
});

const PasswordChangeInput = builder.inputType('PasswordChangeInput', {
  description: 'The password of the person who asks, and another one.',
  fields: (t) => ({
    currentPassword: t.string({ required: true, description: 'The password of now.' }),
    newPassword: t.string({
      required: true,
      description:
        'The new password: 8 to 256 characters, none that many people use or that is easy to guess.',
    }),
  }),
});

const PasswordChangePayload = builder
  .objectRef<{ endedSessions: number }>('PasswordChangePayload')
  .implement({
    description: 'The password is changed.',
    fields: (t) => ({
      endedSessions: t.exposeInt('endedSessions', { description: 'How many other sessions were ended.' }),
    }),
  });

builder.mutationFields((t) => ({
  passwordResetRequest: t.field({
    type: PasswordResetRequestPayload,
    description: 'Mails the link that sets a new password; it works once, for 60 minutes.',
    args: {
      input: t.arg({ type: PasswordResetRequestInput, required: true, description: 'The address.' }),
    },
    errors: {},
    resolve: async (_root, { input }, { usecases, client }) =>
      unwrap(await usecases.passwordResetRequest({ ...input, client })),
  }),
  passwordReset: t.field({
    type: PasswordResetPayload,
    description:
      'Sets a new password by the link in the mail. Ends all sessions and holds payouts back for 24 hours; an authenticator stays.',
    args: { input: t.arg({ type: PasswordResetInput, required: true, description: 'Proof and password.' }) },
    errors: { types: [InvalidTokenError] },
    resolve: async (_root, { input }, { usecases, client }) => {
      unwrap(await usecases.passwordReset({ ...input, client }));
      return { reset: true };
    },
  }),
  passwordChange: t.withAuth({ person: true }).field({
    type: PasswordChangePayload,
    description:
      'Changes the password of the signed-in person. Ends all other sessions and holds payouts back for 24 hours.',
    args: { input: t.arg({ type: PasswordChangeInput, required: true, description: 'Both passwords.' }) },
    errors: { types: [InvalidCredentialsError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.passwordChange(actor, input)),
  }),
}));
