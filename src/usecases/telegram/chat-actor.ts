import type { UserActor } from '../../domain/access/actor.ts';
import type { LiveLink } from '../ports/telegram-store.ts';

/** Whoever keeps such an actor asks again after this long, in milliseconds. */
const VALID_MS = 60_000;

/**
 * Who acts in a connected chat: the person of the link, with the rights of this moment in the merchant of the link and
 * in no other; in the info bot's chats in none. Null for who lost the access, and for operators.
 *
 * It is less than a session. Nobody ever proved in a chat to be there, so that what asks for a step-up or a second
 * factor is refused; and `sessionId` is the link's id, which no session has: what belongs to the session itself (a new
 * e-mail address, an authenticator, a PIN, an open socket) finds none.
 */
export function chatActor(
  { bot, linkId, userId, membership, isOperator }: LiveLink,
  at: Date,
): UserActor | null {
  if (isOperator || (bot === 'MERCHANT' && membership === null)) return null;
  return {
    type: 'USER',
    userId,
    sessionId: linkId,
    secondFactorAt: null,
    steppedUpAt: null,
    validUntil: new Date(at.getTime() + VALID_MS),
    memberships: membership === null ? [] : [membership],
  };
}
