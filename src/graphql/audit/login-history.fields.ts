import { User } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { auditPage, readAudit, type AuditRow } from './audit-page.ts';
import { isSelf } from './self.ts';

const LoginResultEnum = builder.enumType('LoginResult', {
  description: 'What came of an attempt to sign in.',
  values: {
    SUCCEEDED: { description: 'A session was made.' },
    WRONG_PASSWORD: { description: 'The password was wrong.' },
    WRONG_CODE: { description: 'The password was right, the code of the second factor wrong.' },
    EMAIL_NOT_CONFIRMED: { description: 'The e-mail address was not confirmed.' },
    RATE_LIMITED: { description: 'There were too many attempts.' },
    REFUSED: { description: 'It was refused for another reason.' },
  } as const,
});

type LoginResult = typeof LoginResultEnum.$inferType;

/** The reasons that `session.refused` tells. */
const REASONS: readonly LoginResult[] = [
  'WRONG_PASSWORD',
  'WRONG_CODE',
  'EMAIL_NOT_CONFIRMED',
  'RATE_LIMITED',
];

function resultOf({ type, data }: Pick<AuditRow, 'type' | 'data'>): LoginResult {
  if (type === 'session.created') return 'SUCCEEDED';
  const reason = typeof data === 'object' && data !== null && 'reason' in data ? data['reason'] : null;
  return REASONS.find((known) => known === reason) ?? 'REFUSED';
}

const LoginAttempt = builder.objectRef<AuditRow>('LoginAttempt').implement({
  description: 'An attempt to sign in as the person.',
  fields: (t) => ({
    result: t.field({ type: LoginResultEnum, description: 'What came of it.', resolve: resultOf }),
    ip: t.exposeString('ip', { nullable: true, description: 'Address that it came from.' }),
    device: t.exposeString('device', {
      nullable: true,
      description: 'What it came with, such as "Firefox on Linux".',
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

const LOGINS = ['session.created', 'session.refused'] as const;

builder.prismaObjectFields(User, (t) => ({
  loginHistory: t.connection({
    type: LoginAttempt,
    description: 'Attempts to sign in as the person, newest first. Only for the person.',
    authScopes: ({ id }, _args, { actor }) => isSelf(actor, id),
    resolve: ({ id: userId }, args, { prisma }) => {
      const filter = { userId, types: LOGINS };
      return auditPage(filter, args, (part) => readAudit(prisma, filter, part));
    },
  }),
}));
