import { builder } from '../core/builder.ts';
import { CodeRefusedError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { User } from './account.types.ts';

const EmailChangeRequestInput = builder.inputType('EmailChangeRequestInput', {
  description: 'The e-mail address that the person wants to have.',
  fields: (t) => ({
    newEmail: t.string({ required: true, description: 'Where the code is sent.' }),
  }),
});

const EmailChangeConfirmInput = builder.inputType('EmailChangeConfirmInput', {
  description: 'Proof of a new e-mail address.',
  fields: (t) => ({
    code: t.string({ required: true, description: 'The six digits of the newest mail.' }),
  }),
});

const PhoneChangeRequestInput = builder.inputType('PhoneChangeRequestInput', {
  description: 'The phone number that the person wants to have.',
  fields: (t) => ({
    newPhone: t.string({ required: true, description: 'Where the code is sent, E.164 with the plus sign.' }),
  }),
});

const PhoneChangeConfirmInput = builder.inputType('PhoneChangeConfirmInput', {
  description: 'Proof of a new phone number.',
  fields: (t) => ({
    code: t.string({ required: true, description: 'The six digits of the newest SMS.' }),
  }),
});

const CodeSent = builder.objectRef<{ target: string; expiresAt: Date }>('CodeSent').implement({
  description: 'A six-digit code is on its way. It has five attempts, and a newer one takes its place.',
  fields: (t) => ({
    target: t.exposeString('target', { description: 'Where it was sent.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
  }),
});

builder.mutationFields((t) => ({
  emailChangeRequest: t.withAuth({ person: true }).field({
    type: CodeSent,
    description: 'Sends a code to a new e-mail address. Asks for a proof of presence (sessionStepUp) before.',
    args: { input: t.arg({ type: EmailChangeRequestInput, required: true, description: 'The address.' }) },
    errors: { types: [StepUpRequiredError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.emailChangeRequest(actor, input)),
  }),
  emailChangeConfirm: t.withAuth({ person: true }).prismaField({
    type: User,
    description:
      'Makes the address that the code was sent to the person’s. Ends all other sessions and holds payouts back for 24 hours; both addresses are told.',
    args: { input: t.arg({ type: EmailChangeConfirmInput, required: true, description: 'The code.' }) },
    errors: { types: [CodeRefusedError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      unwrap(await usecases.emailChangeConfirm(actor, input));
      return prisma.user.findUniqueOrThrow({ ...query, where: { id: actor.userId } });
    },
  }),
  phoneChangeRequest: t.withAuth({ person: true }).field({
    type: CodeSent,
    description: 'Sends a code to a new phone number. Asks for a proof of presence (sessionStepUp) before.',
    args: { input: t.arg({ type: PhoneChangeRequestInput, required: true, description: 'The number.' }) },
    errors: { types: [StepUpRequiredError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.phoneChangeRequest(actor, input)),
  }),
  phoneChangeConfirm: t.withAuth({ person: true }).prismaField({
    type: User,
    description:
      'Makes the number that the code was sent to the person’s, and holds payouts back for 24 hours.',
    args: { input: t.arg({ type: PhoneChangeConfirmInput, required: true, description: 'The code.' }) },
    errors: { types: [CodeRefusedError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      unwrap(await usecases.phoneChangeConfirm(actor, input));
      return prisma.user.findUniqueOrThrow({ ...query, where: { id: actor.userId } });
    },
  }),
}));
