import type { Actor } from '../../domain/access/actor.ts';

/** Whether the caller is that person, operators included. */
export const isSelf = (actor: Actor, userId: string): boolean =>
  (actor.type === 'USER' || actor.type === 'OPERATOR') && actor.userId === userId;
