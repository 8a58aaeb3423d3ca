import { builder } from '../core/builder.ts';
import { CodeRefusedError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';

const PinPayload = builder.objectRef<{ hasPin: boolean }>('PinPayload').implement({
  description: 'What became of the PIN.',
  fields: (t) => ({
    hasPin: t.exposeBoolean('hasPin', { description: 'Whether idle sessions are locked from now on.' }),
  }),
});

const PinSetInput = builder.inputType('PinSetInput', {
  description: 'A new PIN.',
  fields: (t) => ({
    pin: t.string({ required: true, description: '4 to 8 digits, not too easy to guess.' }),
  }),
});

const SessionUnlockInput = builder.inputType('SessionUnlockInput', {
  description: 'What opens a locked session.',
  fields: (t) => ({ pin: t.string({ required: true, description: 'The PIN of the person.' }) }),
});

const SessionUnlockPayload = builder.objectRef<{ unlocked: boolean }>('SessionUnlockPayload').implement({
  description: 'The session is open again.',
  fields: (t) => ({ unlocked: t.exposeBoolean('unlocked', { description: 'Always true.' }) }),
});

builder.mutationFields((t) => ({
  pinSet: t.withAuth({ person: true }).field({
    type: PinPayload,
    description:
      'Sets or changes the PIN: a session is locked after 15 minutes without activity, and does not end then.',
    args: { input: t.arg({ type: PinSetInput, required: true, description: 'The PIN.' }) },
    errors: { types: [StepUpRequiredError] },
    resolve: async (_root, { input }, { usecases, actor }) => unwrap(await usecases.pinSet(actor, input)),
  }),
  pinRemove: t.withAuth({ person: true }).field({
    type: PinPayload,
    description:
      'Removes the PIN: a session ends after 6 hours without activity. Those that are locked now end at once.',
    errors: { types: [StepUpRequiredError, WrongStateError] },
    resolve: async (_root, _args, { usecases, actor }) => unwrap(await usecases.pinRemove(actor)),
  }),
  sessionUnlock: t.withAuth({ session: true }).field({
    type: SessionUnlockPayload,
    description: 'Opens the session that sends this. The fifth wrong PIN ends it.',
    args: { input: t.arg({ type: SessionUnlockInput, required: true, description: 'The PIN.' }) },
    errors: { types: [CodeRefusedError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.sessionUnlock(actor, input)),
  }),
}));
