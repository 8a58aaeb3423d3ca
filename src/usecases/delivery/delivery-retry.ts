import type { PersonActor } from '../../domain/access/actor.ts';
import { hearingOf } from '../../domain/notification/hearing.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryRetryStore, RetryCandidate } from '../ports/delivery-retry-store.ts';
import { done, refuse, type Result } from '../result.ts';

/**
 * Sends a message of the person's own again that failed, or of which nobody knows whether it arrived (FEATURES N8): then
 * it may come twice.
 */
export type DeliveryRetry = (
  actor: PersonActor,
  input: { readonly deliveryId: string },
) => Promise<Result<{ deliveryId: string }>>;

export interface DeliveryRetryDeps {
  readonly deliveryRetries: DeliveryRetryStore;
  readonly limits: AttemptLimits;
  readonly clock: Clock;
}

export const deliveryRetry =
  ({ deliveryRetries, limits, clock }: DeliveryRetryDeps): DeliveryRetry =>
  async (actor, { deliveryId }) => {
    const at = clock.now();
    const hearing = hearingOf(actor);
    const found = hearing && (await deliveryRetries.candidate(hearing, deliveryId, at));
    if (!found) return refuse('NOT_FOUND', 'There is no such delivery.', 'deliveryId');
    const obstacle = obstacleTo(found);
    if (obstacle !== null) return refuse('WRONG_STATE', obstacle, 'deliveryId');
    const limited = await takeAttempt(
      limits,
      'delivery_retry',
      { account: actor.userId, client: clientOf(actor) },
      at,
    );
    if (limited) return limited;
    return (await deliveryRetries.retry(deliveryId, at))
      ? done({ deliveryId })
      : refuse('WRONG_STATE', ON_ITS_WAY, 'deliveryId');
  };

const ON_ITS_WAY = 'It is on its way already.';

function obstacleTo({ status, isReachable, isOver }: RetryCandidate): string | null {
  if (status === 'SENT') return 'It was sent.';
  if (status === 'PENDING') return ON_ITS_WAY;
  if (isOver) return 'What it was about is over: ask for a new link or code.';
  return isReachable ? null : 'It went to an address or chat that is not yours any more.';
}
