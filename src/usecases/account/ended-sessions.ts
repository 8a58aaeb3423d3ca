import { userEvent, type EventDraft } from '../../domain/event/event.ts';

/** Why a change of a person's own credentials ended sessions. */
export type EndReason = 'PASSWORD_CHANGED' | 'PASSWORD_RESET' | 'EMAIL_CHANGED';

/** One event a session, so that its live connections close. */
export const sessionsEnded = (
  userId: string,
  sessionIds: readonly string[],
  reason: EndReason,
): EventDraft[] => sessionIds.map((sessionId) => userEvent('session.ended', userId, { sessionId, reason }));
