import { GraphQLError } from 'graphql';
import type { ClosingCondition } from '../../domain/merchant/closing.ts';
import type { Refusal, RefusalCode, Result } from '../../usecases/result.ts';

/** A refusal on its way to the caller, as a member of the field's result union. */
export class RefusalError extends Error {
  override readonly name: string = 'RefusalError';
  readonly code: RefusalCode;
  /** Where in the arguments. Not named `path`: graphql-js takes an error with a path for one it has located. */
  readonly inputPath: readonly string[] | null;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.inputPath = refusal.path ?? null;
  }
}

export class InvalidInputError extends RefusalError {
  override readonly name = 'InvalidInputError';
}
export class NotFoundError extends RefusalError {
  override readonly name = 'NotFoundError';
}
export class InvalidCredentialsError extends RefusalError {
  override readonly name = 'InvalidCredentialsError';
}
export class EmailNotConfirmedError extends RefusalError {
  override readonly name = 'EmailNotConfirmedError';
}
export class InvalidTokenError extends RefusalError {
  override readonly name = 'InvalidTokenError';
}
export class ProjectNotActiveError extends RefusalError {
  override readonly name = 'ProjectNotActiveError';
}
export class InvoiceNotOpenError extends RefusalError {
  override readonly name = 'InvoiceNotOpenError';
}
export class AssetNotAvailableError extends RefusalError {
  override readonly name = 'AssetNotAvailableError';
}
export class RateUnavailableError extends RefusalError {
  override readonly name = 'RateUnavailableError';
}
export class TestModeOnlyError extends RefusalError {
  override readonly name = 'TestModeOnlyError';
}
export class BalanceShortError extends RefusalError {
  override readonly name = 'BalanceShortError';
}
export class LimitReachedError extends RefusalError {
  override readonly name = 'LimitReachedError';
}
export class IdempotencyKeyReusedError extends RefusalError {
  override readonly name = 'IdempotencyKeyReusedError';
}

export class StepUpRequiredError extends RefusalError {
  override readonly name = 'StepUpRequiredError';
}
export class SecondFactorRequiredError extends RefusalError {
  override readonly name = 'SecondFactorRequiredError';
}
export class CodeRefusedError extends RefusalError {
  override readonly name = 'CodeRefusedError';
}
export class WrongStateError extends RefusalError {
  override readonly name = 'WrongStateError';
}
export class ClosingConditionsUnmetError extends RefusalError {
  override readonly name = 'ClosingConditionsUnmetError';
  readonly conditions: readonly ClosingCondition[];

  constructor(refusal: Refusal) {
    super(refusal);
    this.conditions = refusal.conditions ?? [];
  }
}

export type RefusalErrorClass = new (refusal: Refusal) => RefusalError;

/** Codes that are no error type: they end the request as a top-level error (DESIGN §7). */
type TopLevelCode = 'FORBIDDEN' | 'RATE_LIMITED';

/** One error type a refusal code. */
export const REFUSAL_ERRORS = {
  INVALID_INPUT: InvalidInputError,
  NOT_FOUND: NotFoundError,
  INVALID_CREDENTIALS: InvalidCredentialsError,
  EMAIL_NOT_CONFIRMED: EmailNotConfirmedError,
  INVALID_TOKEN: InvalidTokenError,
  PROJECT_NOT_ACTIVE: ProjectNotActiveError,
  INVOICE_NOT_OPEN: InvoiceNotOpenError,
  ASSET_NOT_AVAILABLE: AssetNotAvailableError,
  RATE_UNAVAILABLE: RateUnavailableError,
  TEST_MODE_ONLY: TestModeOnlyError,
  IDEMPOTENCY_KEY_REUSED: IdempotencyKeyReusedError,
  BALANCE_SHORT: BalanceShortError,
  LIMIT_REACHED: LimitReachedError,
  STEP_UP_REQUIRED: StepUpRequiredError,
  SECOND_FACTOR_REQUIRED: SecondFactorRequiredError,
  CODE_REFUSED: CodeRefusedError,
  WRONG_STATE: WrongStateError,
  CLOSING_CONDITIONS_UNMET: ClosingConditionsUnmetError,
} as const satisfies Record<Exclude<RefusalCode, TopLevelCode>, RefusalErrorClass>;

export type ErrorCode = keyof typeof REFUSAL_ERRORS;

/**
 * The value of a use case's result. Throws the refusal's error, which the errors plugin turns into a member of the
 * field's union when the field lists it under `errors.types`; otherwise it becomes a top-level error with its code.
 */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { refusal } = result;
  if (refusal.code === 'FORBIDDEN') throw forbidden(refusal.message);
  if (refusal.code === 'RATE_LIMITED') throw rateLimited(refusal);
  throw new REFUSAL_ERRORS[refusal.code](refusal);
}

/** Top-level error for a caller who showed no credentials where some are needed. */
export const unauthenticated = (message = 'Sign in or send an API key.'): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED' } });

/** Top-level error for a caller whose rights do not reach. */
export const forbidden = (message = 'You are not allowed to do this.'): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

/** Top-level error for a caller who tried too often. */
const rateLimited = ({ message, retryAfterSeconds = 1 }: Refusal): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'RATE_LIMITED', retryAfterSeconds } });

/** Top-level error for a session that waits for its PIN. */
export const sessionLocked = (): GraphQLError =>
  new GraphQLError('The session is locked: open it with the PIN.', {
    extensions: { code: 'SESSION_LOCKED' },
  });

/** Top-level error for a cursor that this log never gave: nothing could ever come behind it. */
export const cursorUnknown = (): GraphQLError =>
  new GraphQLError(
    'No event had this cursor yet: another database gave it. Begin without one, and read anew what you show.',
    { extensions: { code: 'CURSOR_UNKNOWN' } },
  );

/** Top-level error that ends the stream of a reader who is too far behind. */
export const tooSlow = (): GraphQLError =>
  new GraphQLError('You read too slowly. Go on behind the last event that you got.', {
    extensions: { code: 'TOO_SLOW' },
  });
