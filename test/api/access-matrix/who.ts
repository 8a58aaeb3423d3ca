import type { Actor, Mode } from '../../../src/domain/access/actor.ts';
import {
  may,
  mayOperate,
  type OperatorRight,
  type Place,
  type Right,
} from '../../../src/domain/access/rights.ts';

/**
 * Where a right is asked for: in the merchant as a whole, in its project whatever the mode, in one mode of it, or in
 * the project with this row id.
 */
export type Spot = 'merchant' | 'project' | Mode | { readonly project: string };

/** Who is let through. What a role, a key or an operator may do stands in domain/access alone. */
export type Who =
  /** Everybody but a session that waits for its PIN, which is told so. */
  | 'PUBLIC'
  /** A person or an API key. */
  | 'SIGNED_IN'
  /** A person, also while the session waits for its PIN. */
  | 'SESSION'
  /** A person, an operator too. */
  | 'PERSON'
  /** A person who is no operator. */
  | 'USER'
  | { readonly right: Right; readonly at: Spot }
  | { readonly operate: OperatorRight }
  /** The one person with this row id. */
  | { readonly is: string }
  | { readonly anyOf: readonly Who[] }
  | { readonly allOf: readonly Who[] };

/** A right of a member or an API key. */
export const right = (asked: Right, at: Spot): Who => ({ right: asked, at });
export const operate = (asked: OperatorRight): Who => ({ operate: asked });

/** The merchant and the project that a matrix is about. */
export interface Ground {
  readonly merchantId: string;
  readonly projectId: string;
}

/** What the rules of domain/access say: whether the actor is let through. */
export function isLetThrough(who: Who, actor: Actor, ground: Ground): boolean {
  if (typeof who === 'string') return KINDS[who].includes(actor.type);
  if ('right' in who) return may(actor, who.right, placeOf(who.at, actor, ground));
  if ('operate' in who) return mayOperate(actor, who.operate);
  if ('is' in who) return 'userId' in actor && actor.type !== 'LOCKED' && actor.userId === who.is;
  if ('allOf' in who) return who.allOf.every((one) => isLetThrough(one, actor, ground));
  return who.anyOf.some((one) => isLetThrough(one, actor, ground));
}

const KINDS: Readonly<Record<Extract<Who, string>, readonly Actor['type'][]>> = {
  PUBLIC: ['ANONYMOUS', 'USER', 'OPERATOR', 'API_KEY', 'SYSTEM'],
  SIGNED_IN: ['USER', 'OPERATOR', 'API_KEY'],
  SESSION: ['USER', 'OPERATOR', 'LOCKED'],
  PERSON: ['USER', 'OPERATOR'],
  USER: ['USER'],
};

function placeOf(at: Spot, actor: Actor, { merchantId, projectId }: Ground): Place {
  if (typeof at === 'object') return { merchantId, projectId: at.project, mode: 'ANY' };
  switch (at) {
    case 'merchant':
      // An API key asks about its merchant from the project that it belongs to.
      return actor.type === 'API_KEY'
        ? { merchantId, projectId: actor.projectId, mode: 'ANY' }
        : { merchantId };
    case 'project':
      return { merchantId, projectId, mode: 'ANY' };
    case 'TEST':
    case 'LIVE':
      return { merchantId, projectId, mode: at };
  }
}
