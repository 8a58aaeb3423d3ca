import type { Actor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import type { OperatorRefusal } from '../ports/operator-store.ts';
import { refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';

/**
 * Why the actor may not change operators now; null when nothing is in the way. `invalid` is what is wrong with the
 * input: it is told to those with the right only, and before they prove to be there.
 */
export function managementRefused(
  actor: Actor,
  invalid: Result<never> | null,
  at: Date,
): Result<never> | null {
  if (actor.type === 'SYSTEM') return invalid;
  if (actor.type !== 'OPERATOR' || !mayOperate(actor, 'operator:manage')) {
    return refuse('FORBIDDEN', 'Only an operator who may manage operators can do this.');
  }
  return invalid ?? stepUpMissing(actor, at);
}

/** What the caller is told when the store left the operator as it was. */
export function unchangedRefusal(refusal: OperatorRefusal): Result<never> {
  switch (refusal) {
    case 'unknown':
      return refuse('NOT_FOUND', 'There is no such operator.', 'operatorId');
    case 'is_disabled':
      return refuse('WRONG_STATE', 'This operator is disabled; operatorCreate enables it again.');
    case 'last_admin':
      return refuse('WRONG_STATE', 'This is the last ADMIN; make another one first.');
  }
}
