import { modeFor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { done, refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';

export interface PayoutPlace {
  readonly merchantId: string;
  /** An API key's own; null where a person asks for the merchant. */
  readonly projectId: string | null;
  readonly mode: Mode;
}

/** Whose money a request is about: an API key's own merchant and mode, or those that a person names (LIVE unless said). */
export function payoutPlace(
  actor: Actor,
  named: { readonly merchantId?: string | null | undefined; readonly mode?: Mode | null | undefined },
): Result<PayoutPlace> {
  const merchantId = named.merchantId ?? (actor.type === 'API_KEY' ? actor.merchantId : undefined);
  if (!merchantId) return refuse('INVALID_INPUT', 'A signed-in person names the merchant.', 'merchantId');
  const projectId = actor.type === 'API_KEY' ? actor.projectId : null;
  const mode = modeFor(actor, named.mode);
  const place = { merchantId, mode, ...(projectId === null ? {} : { projectId }) };
  return may(actor, 'payout:write', place)
    ? done({ merchantId, projectId, mode })
    : refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
}

/**
 * Whether who asks has proved to be the one who may: a person by a second factor, lately; a key by working from listed
 * addresses only (FEATURES F1). In TEST mode no money leaves.
 */
export function payoutProofMissing(actor: Actor, mode: Mode, at: Date): Result<never> | null {
  if (mode === 'TEST') return null;
  switch (actor.type) {
    case 'USER':
      if (actor.secondFactorAt === null)
        return refuse(
          'SECOND_FACTOR_REQUIRED',
          'Payouts need an authenticator: set one up and sign in with it.',
        );
      return stepUpMissing(actor, at);
    case 'API_KEY':
      return actor.isIpBound
        ? null
        : refuse('FORBIDDEN', 'A key asks for payouts only when it works from listed addresses alone.');
    case 'SYSTEM':
      return null;
    case 'OPERATOR':
    case 'LOCKED':
    case 'ANONYMOUS':
      return refuse('FORBIDDEN', 'You cannot ask for payouts.');
  }
}
