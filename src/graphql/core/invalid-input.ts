import type { StandardSchemaV1 } from '@pothos/plugin-validation';
import { InvalidInputError } from './errors.ts';

/** The first complaint of a schema as a refusal, with its place in the arguments. */
export function invalidInput(issues: readonly StandardSchemaV1.Issue[]): InvalidInputError {
  const [issue] = issues;
  const path = issue?.path?.map((step) => String(typeof step === 'object' ? step.key : step)) ?? [];
  const message = issue?.message ?? 'The input is not valid.';
  return new InvalidInputError(
    path.length > 0 ? { code: 'INVALID_INPUT', message, path } : { code: 'INVALID_INPUT', message },
  );
}
