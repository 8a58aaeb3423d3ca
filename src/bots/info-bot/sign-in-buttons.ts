import type { Event } from '../../domain/event/event.ts';
import type { ChatButton } from '../../usecases/ports/senders.ts';
import { packId } from '../callback-data.ts';
import { textsFor } from '../texts/languages.ts';

/** What the button "this was not me" carries: the question comes before anything is done. */
export const disownData = (sessionId: string): string => `disown:${packId(sessionId)}`;

/** Below the message that tells a new sign-in. */
export function disownButtons({ data }: Pick<Event, 'data'>, locale: string): ChatButton[] {
  const sessionId = data['sessionId'];
  if (typeof sessionId !== 'string') return [];
  return [{ text: textsFor(locale).signIns.notMe(null), data: disownData(sessionId) }];
}
