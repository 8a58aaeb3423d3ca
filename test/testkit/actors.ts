import type { Membership, UserActor } from '../../src/domain/access/actor.ts';

/** A signed-in person for tests below the API. */
export const userActor = (userId: string, ...memberships: Membership[]): UserActor => ({
  type: 'USER',
  userId,
  sessionId: `session of ${userId}`,
  secondFactorAt: null,
  steppedUpAt: null,
  validUntil: new Date('2100-01-01T00:00:00Z'),
  memberships,
});
