import type { Actor, Mode } from '../../domain/access/actor.ts';
import { may, memberMay, type Right } from '../../domain/access/rights.ts';

/**
 * Conditions for Prisma that hold for the rows where `may` allows a right. `node` loads by them, so that what is not
 * the caller's to see is answered like what does not exist; the scope of the type is the fence behind it.
 */

/** On rows below a project. */
export type VisibleRows =
  | { readonly merchantId: string; readonly projectId: string; readonly mode: Mode }
  | {
      readonly OR: (
        | { readonly merchantId: { readonly in: string[] } }
        | { readonly projectId: { readonly in: string[] } }
      )[];
    };

/** Rows below a project and of one mode. Nothing for a caller without the right: an empty OR is false. */
export function visibleRows(actor: Actor, right: Right): VisibleRows {
  if (actor.type === 'API_KEY') {
    const { merchantId, projectId, mode } = actor;
    return may(actor, right, { merchantId, projectId, mode }) ? { merchantId, projectId, mode } : { OR: [] };
  }
  const { merchantIds, projectIds } = openTo(actor, right);
  return { OR: [{ merchantId: { in: merchantIds } }, { projectId: { in: projectIds } }] };
}

/** Projects themselves. */
export function visibleProjects(
  actor: Actor,
  right: Right,
): { readonly OR: ({ merchantId: { in: string[] } } | { id: { in: string[] } })[] } {
  if (actor.type === 'API_KEY') {
    const { merchantId, projectId } = actor;
    return {
      OR: may(actor, right, { merchantId, projectId, mode: 'ANY' }) ? [{ id: { in: [projectId] } }] : [],
    };
  }
  const { merchantIds, projectIds } = openTo(actor, right);
  return { OR: [{ merchantId: { in: merchantIds } }, { id: { in: projectIds } }] };
}

/** Rows of a merchant as a whole, which are for people only. */
export function visibleToMembers(actor: Actor, right: Right): { readonly merchantId: { in: string[] } } {
  const allowed =
    actor.type === 'USER'
      ? actor.memberships.filter(({ merchantId }) => may(actor, right, { merchantId }))
      : [];
  return { merchantId: { in: allowed.map(({ merchantId }) => merchantId) } };
}

/** Merchants that are open to a person as a whole, and single projects of the others (FEATURES B3). */
function openTo(actor: Actor, right: Right): { merchantIds: string[]; projectIds: string[] } {
  const memberships = actor.type === 'USER' ? actor.memberships : [];
  return {
    merchantIds: memberships
      .filter((member) => member.projectIds === null && memberMay(member, right, undefined))
      .map(({ merchantId }) => merchantId),
    projectIds: memberships.flatMap((member) =>
      (member.projectIds ?? []).filter((projectId) => memberMay(member, right, projectId)),
    ),
  };
}
