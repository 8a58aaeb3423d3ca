import type { Refusal, RefusalCode } from '../../usecases/result.ts';
import { builder } from './builder.ts';
import { REFUSAL_ERRORS } from './errors.ts';
import type { ErrorCode, RefusalError } from './errors.ts';

/** What each code tells the caller. */
const MEANINGS: Record<ErrorCode, string> = {
  INVALID_INPUT: 'Something in the input is not acceptable; `path` says where.',
  NOT_FOUND: 'There is no such thing, or it is not yours to see.',
  INVALID_CREDENTIALS: 'The e-mail address or the password is wrong.',
  EMAIL_NOT_CONFIRMED: 'The e-mail address is not confirmed yet.',
  INVALID_TOKEN: 'The token is unknown, used or expired.',
  PROJECT_NOT_ACTIVE: 'The project has not passed moderation, is blocked or archived; `message` says which.',
  INVOICE_NOT_OPEN: 'The invoice no longer takes this step.',
  ASSET_NOT_AVAILABLE: 'The asset cannot be paid on that network here.',
  RATE_UNAVAILABLE: 'No source has a fresh rate; try again later.',
  TEST_MODE_ONLY: 'Only things in test mode can do this.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before with another input.',
  BALANCE_SHORT: 'The available balance is less than that.',
  LIMIT_REACHED: 'It would be more than a limit allows; `message` says which.',
  STEP_UP_REQUIRED: 'Prove first that it is you (sessionStepUp), then repeat.',
  SECOND_FACTOR_REQUIRED: 'Send a code of the authenticator, or a recovery code, as well.',
  CODE_REFUSED: 'The code is wrong, used or too old.',
  WRONG_STATE: 'It is not in a state that allows this; `message` says which.',
  CLOSING_CONDITIONS_UNMET: 'The account cannot be closed yet; `conditions` says why.',
};

const codes = Object.keys(REFUSAL_ERRORS) as readonly ErrorCode[];

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Why a request was refused.',
  values: Object.fromEntries(codes.map((code) => [code, { description: MEANINGS[code] }])) as Record<
    ErrorCode,
    { description: string }
  >,
});

/** The code of a refusal that is part of an answer. */
export function userCode(code: RefusalCode): ErrorCode {
  if (code === 'FORBIDDEN' || code === 'RATE_LIMITED') throw new TypeError(`${code} is a top-level error`);
  return code;
}

const UserError = builder.interfaceRef<RefusalError>('UserError').implement({
  description: 'Why a request was refused, in a form that the caller can act on.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeEnum,
      description: 'For programs.',
      resolve: ({ code }) => userCode(code),
    }),
    message: t.exposeString('message', { description: 'For people, in English.' }),
    path: t.stringList({
      nullable: true,
      description: 'Where in the arguments, such as ["input", "amount"].',
      resolve: ({ inputPath }) => inputPath,
    }),
  }),
});

for (const code of codes) {
  const errorClass: new (refusal: Refusal) => RefusalError = REFUSAL_ERRORS[code];
  builder.objectType(errorClass, {
    name: errorClass.name,
    description: MEANINGS[code],
    interfaces: [UserError],
  });
}
