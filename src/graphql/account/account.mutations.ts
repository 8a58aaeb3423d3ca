import { builder } from '../core/builder.ts';
import {
  EmailNotConfirmedError,
  InvalidCredentialsError,
  InvalidTokenError,
  unwrap,
} from '../core/errors.ts';
import { User } from './account.types.ts';

const UserSignUpInput = builder.inputType('UserSignUpInput', {
  description: 'A new person and the merchant that the person owns.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'E-mail address; a confirmation link is sent there.' }),
    password: t.string({ required: true, description: 'At least 8 characters.' }),
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
  }),
});

const EmailConfirmPayload = builder.objectRef<{ confirmed: boolean }>('EmailConfirmPayload').implement({
  description: 'The address is confirmed; sign in now.',
  fields: (t) => ({ confirmed: t.exposeBoolean('confirmed', { description: 'Always true.' }) }),
});

const SessionCreateInput = builder.inputType('SessionCreateInput', {
  description: 'Credentials of a person.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'E-mail address.' }),
    password: t.string({ required: true, description: 'Password.' }),
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

const SessionEndPayload = builder.objectRef<{ ended: boolean }>('SessionEndPayload').implement({
  description: 'The session is over.',
  fields: (t) => ({ ended: t.exposeBoolean('ended', { description: 'Always true.' }) }),
});

builder.mutationFields((t) => ({
  userSignUp: t.field({
    type: UserSignUpPayload,
    description: 'Signs a person up and mails the link that confirms the address (it works for 24 hours).',
    args: { input: t.arg({ type: UserSignUpInput, required: true, description: 'The person.' }) },
    errors: {},
    resolve: async (_root, { input }, { usecases }) => unwrap(await usecases.userSignUp(input)),
  }),
  emailConfirm: t.field({
    type: EmailConfirmPayload,
    description: 'Confirms the e-mail address of a sign-up.',
    args: { input: t.arg({ type: EmailConfirmInput, required: true, description: 'The proof.' }) },
    errors: { types: [InvalidTokenError] },
    resolve: async (_root, { input }, { usecases }) => {
      unwrap(await usecases.emailConfirm(input.token));
      return { confirmed: true };
    },
  }),
  sessionCreate: t.field({
    type: SessionCreatePayload,
    description: 'Signs a person in.',
    args: { input: t.arg({ type: SessionCreateInput, required: true, description: 'The credentials.' }) },
    errors: { types: [InvalidCredentialsError, EmailNotConfirmedError] },
    resolve: async (_root, { input }, { usecases, clientIp, userAgent, setSessionCookie }) => {
      const session = unwrap(await usecases.sessionCreate({ ...input, ip: clientIp, userAgent }));
      setSessionCookie?.(session.token);
      return session;
    },
  }),
  sessionEnd: t.withAuth({ user: true }).field({
    type: SessionEndPayload,
    description: 'Signs the person out of the session that sends this.',
    resolve: async (_root, _args, { usecases, actor, setSessionCookie }) => {
      await usecases.sessionEnd(actor);
      setSessionCookie?.(null);
      return { ended: true };
    },
  }),
}));
