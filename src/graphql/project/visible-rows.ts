import type { Actor, Mode } from '../../domain/access/actor.ts';
import { may, type Right } from '../../domain/access/rights.ts';

/** Conditions on the rows of merchants, for Prisma. */
export interface VisibleRows {
  readonly merchantId: { readonly in: string[] };
  readonly projectId?: string;
  readonly mode?: Mode;
}

const NONE: VisibleRows = { merchantId: { in: [] } };

/**
 * The rows where `may` allows the right. `node` loads by it, so that what is not the caller's to see is answered
 * like what does not exist; the scope of the type is the fence behind it.
 */
export function visibleRows(actor: Actor, right: Right): VisibleRows {
  if (actor.type === 'USER') {
    const allowed = actor.memberships.filter(({ merchantId }) => may(actor, right, { merchantId }));
    return { merchantId: { in: allowed.map(({ merchantId }) => merchantId) } };
  }
  if (actor.type !== 'API_KEY') return NONE;
  const { merchantId, projectId, mode } = actor;
  return may(actor, right, { merchantId, projectId, mode })
    ? { merchantId: { in: [merchantId] }, projectId, mode }
    : NONE;
}
