import type { Actor, Membership } from './actor.ts';
import { API_KEY_RIGHTS, OPERATOR_ROLE_RIGHTS, ROLE_RIGHTS } from './rights.ts';

const includesAll = <T>(whole: readonly T[], part: readonly T[]): boolean =>
  part.every((item) => whole.includes(item));

/**
 * Whether the actor could do anything before that it cannot do after (FEATURES A10, N11): its live connections are
 * closed then. Null stands for a session or key that has ended. What is gained does not count.
 */
export function hasLostRights(before: Actor, after: Actor | null): boolean {
  if (after === null) return true;
  switch (before.type) {
    case 'SYSTEM':
    case 'ANONYMOUS':
    case 'LOCKED':
      return before.type !== after.type;
    case 'USER':
      return after.type !== 'USER' || !before.memberships.every((m) => isKept(m, after.memberships));
    case 'OPERATOR':
      return (
        after.type !== 'OPERATOR' ||
        (before.secondFactorAt !== null && after.secondFactorAt === null) ||
        !includesAll(OPERATOR_ROLE_RIGHTS[after.role], OPERATOR_ROLE_RIGHTS[before.role])
      );
    case 'API_KEY':
      return (
        after.type !== 'API_KEY' ||
        after.kind !== before.kind ||
        after.mode !== before.mode ||
        after.projectId !== before.projectId ||
        after.merchantId !== before.merchantId ||
        !includesAll(
          after.scopes,
          before.scopes.filter((scope) => API_KEY_RIGHTS[before.kind].includes(scope)),
        )
      );
  }
}

/** Whether what this membership allowed is allowed still. */
function isKept(before: Membership, memberships: readonly Membership[]): boolean {
  const after = memberships.find(({ merchantId }) => merchantId === before.merchantId);
  if (!after || !includesAll(ROLE_RIGHTS[after.role], ROLE_RIGHTS[before.role])) return false;
  if (after.projectIds === null) return true;
  return before.projectIds !== null && includesAll(after.projectIds, before.projectIds);
}
