import type { CodeChannel } from '../../usecases/two-factor/two-factor-enroll-request.ts';
import type { TotpProvision } from '../../usecases/ports/second-factor.ts';
import { builder } from '../core/builder.ts';
import { CodeRefusedError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { CodeChannelEnum } from './two-factor.types.ts';

const TwoFactorEnrollRequestInput = builder.inputType('TwoFactorEnrollRequestInput', {
  description: 'The beginning of setting up an authenticator.',
  fields: (t) => ({
    channel: t.field({ type: CodeChannelEnum, required: true, description: 'Where the code is sent.' }),
  }),
});

const TwoFactorEnrollRequestPayload = builder
  .objectRef<{ channel: CodeChannel; expiresAt: Date }>('TwoFactorEnrollRequestPayload')
  .implement({
    description: 'A code is on its way.',
    fields: (t) => ({
      channel: t.expose('channel', { type: CodeChannelEnum, description: 'Where it is sent.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
    }),
  });

const TwoFactorEnrollInput = builder.inputType('TwoFactorEnrollInput', {
  description: 'Proof of the e-mail address or phone number.',
  fields: (t) => ({ code: t.string({ required: true, description: 'The six digits of the message.' }) }),
});

const TwoFactorEnrollPayload = builder.objectRef<TotpProvision>('TwoFactorEnrollPayload').implement({
  description:
    'A new secret for the authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). It is shown this once.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The secret in base32, for typing.' }),
    uri: t.exposeString('uri', { description: 'otpauth:// URI with the same.' }),
    qrCode: t.exposeString('qrCode', {
      description: 'The URI as a QR code: an SVG image as a data URI, for an img element.',
    }),
  }),
});

const TwoFactorEnableInput = builder.inputType('TwoFactorEnableInput', {
  description: 'Proof that the authenticator has the secret.',
  fields: (t) => ({
    totpCode: t.string({ required: true, description: 'The six digits that it shows.' }),
  }),
});

interface RecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

const TwoFactorEnablePayload = builder.objectRef<RecoveryCodes>('TwoFactorEnablePayload').implement({
  description: 'Signing in asks for a code from now on.',
  fields: (t) => ({
    recoveryCodes: t.stringList({
      description: 'Ten codes that stand for the authenticator once each. They are shown this once.',
      resolve: ({ recoveryCodes }) => [...recoveryCodes],
    }),
  }),
});

const TwoFactorDisableInput = builder.inputType('TwoFactorDisableInput', {
  description: 'One more code: of the authenticator, or a recovery code.',
  fields: (t) => ({
    totpCode: t.string({ description: 'The six digits that the authenticator shows.' }),
    recoveryCode: t.string({ description: 'A recovery code in its place.' }),
  }),
});

const TwoFactorDisablePayload = builder
  .objectRef<{ disabled: boolean }>('TwoFactorDisablePayload')
  .implement({
    description: 'Signing in asks for the password only.',
    fields: (t) => ({ disabled: t.exposeBoolean('disabled', { description: 'Always true.' }) }),
  });

const RecoveryCodesRenewPayload = builder.objectRef<RecoveryCodes>('RecoveryCodesRenewPayload').implement({
  description: 'New recovery codes; the old ones are void.',
  fields: (t) => ({
    recoveryCodes: t.stringList({
      description: 'Ten codes that stand for the authenticator once each. They are shown this once.',
      resolve: ({ recoveryCodes }) => [...recoveryCodes],
    }),
  }),
});

builder.mutationFields((t) => ({
  twoFactorEnrollRequest: t.withAuth({ person: true }).field({
    type: TwoFactorEnrollRequestPayload,
    description:
      'Begins to set up an authenticator: sends a code, ten minutes valid. Asks for sessionStepUp.',
    args: {
      input: t.arg({ type: TwoFactorEnrollRequestInput, required: true, description: 'Where to send it.' }),
    },
    errors: { types: [StepUpRequiredError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.twoFactorEnrollRequest(actor, input)),
  }),
  twoFactorEnroll: t.withAuth({ person: true }).field({
    type: TwoFactorEnrollPayload,
    description: 'Makes the secret of an authenticator, for the code that was sent.',
    args: { input: t.arg({ type: TwoFactorEnrollInput, required: true, description: 'The code.' }) },
    errors: { types: [CodeRefusedError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.twoFactorEnroll(actor, input)),
  }),
  twoFactorEnable: t.withAuth({ person: true }).field({
    type: TwoFactorEnablePayload,
    description: 'Switches the authenticator on, by its first code, within half an hour.',
    args: { input: t.arg({ type: TwoFactorEnableInput, required: true, description: 'The code.' }) },
    errors: { types: [CodeRefusedError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.twoFactorEnable(actor, input)),
  }),
  twoFactorDisable: t.withAuth({ person: true }).field({
    type: TwoFactorDisablePayload,
    description: 'Takes the authenticator off and holds payouts for 24 hours. Asks for sessionStepUp.',
    args: { input: t.arg({ type: TwoFactorDisableInput, required: true, description: 'A code.' }) },
    errors: { types: [StepUpRequiredError, CodeRefusedError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) => {
      unwrap(await usecases.twoFactorDisable(actor, input));
      return { disabled: true };
    },
  }),
  recoveryCodesRenew: t.withAuth({ person: true }).field({
    type: RecoveryCodesRenewPayload,
    description: 'Makes ten new recovery codes. Asks for sessionStepUp.',
    errors: { types: [StepUpRequiredError, WrongStateError] },
    resolve: async (_root, _args, { usecases, actor }) => unwrap(await usecases.recoveryCodesRenew(actor)),
  }),
}));
