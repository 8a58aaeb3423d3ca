import { User } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';

export const CodeChannelEnum = builder.enumType('CodeChannel', {
  description: 'Where a code is sent.',
  values: {
    EMAIL: { description: 'To the e-mail address of the account.' },
    SMS: { description: 'To the confirmed phone number.' },
  } as const,
});

builder.prismaObjectFields(User, (t) => ({
  twoFactorEnabled: t.boolean({
    description: 'Whether signing in asks for a code of an authenticator.',
    select: { totp: { select: { enabledAt: true } } },
    resolve: ({ totp }) => totp?.enabledAt instanceof Date,
  }),
  recoveryCodesLeft: t.relationCount('recoveryCodes', {
    description: 'Recovery codes that were not used yet.',
    where: { usedAt: null },
  }),
}));
