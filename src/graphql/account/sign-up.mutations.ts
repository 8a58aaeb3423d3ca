import { builder } from '../core/builder.ts';
import { InvalidCredentialsError, InvalidTokenError, unwrap } from '../core/errors.ts';

const UserSignUpInput = builder.inputType('UserSignUpInput', {
  description: 'A new person and the merchant that the person owns.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'E-mail address; a confirmation link is sent there.' }),
    password: t.string({
      required: true,
      description: '8 to 256 characters, none that many people use or that is easy to guess.',
    }),
    merchantName: t.string({ required: true, description: 'Name of the merchant, 1 to 100 characters.' }),
    locale: t.string({ defaultValue: 'en', required: true, description: 'Language of messages, BCP 47.' }),
  }),
});

const UserSignUpPayload = builder.objectRef<{ email: string }>('UserSignUpPayload').implement({
  description: 'The sign-up was taken; the same answer is given for an address that has an account.',
  fields: (t) => ({
    email: t.exposeString('email', { description: 'Where the confirmation link was sent.' }),
  }),
});

const EmailConfirmInput = builder.inputType('EmailConfirmInput', {
  description: 'Proof of an e-mail address.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token in the link of the e-mail.' }),
    password: t.string({ required: true, description: 'The password chosen at that sign-up.' }),
  }),
});

const EmailConfirmPayload = builder.objectRef<{ confirmed: boolean }>('EmailConfirmPayload').implement({
  description: 'The address is confirmed; sign in now.',
  fields: (t) => ({ confirmed: t.exposeBoolean('confirmed', { description: 'Always true.' }) }),
});

builder.mutationFields((t) => ({
  userSignUp: t.field({
    type: UserSignUpPayload,
    description: 'Signs a person up and mails the link that confirms the address (it works for 24 hours).',
    args: { input: t.arg({ type: UserSignUpInput, required: true, description: 'The person.' }) },
    errors: {},
    resolve: async (_root, { input }, { usecases, client }) =>
      unwrap(await usecases.userSignUp({ ...input, client })),
  }),
  emailConfirm: t.field({
    type: EmailConfirmPayload,
    description:
      'Confirms the e-mail address of a sign-up. Asks for the password of that sign-up, so that a stranger who signed up with the same address gains nothing when its owner opens the wrong mail.',
    args: { input: t.arg({ type: EmailConfirmInput, required: true, description: 'The proof.' }) },
    errors: { types: [InvalidTokenError, InvalidCredentialsError] },
    resolve: async (_root, { input }, { usecases, client }) => {
      unwrap(await usecases.emailConfirm({ ...input, client }));
      return { confirmed: true };
    },
  }),
}));
