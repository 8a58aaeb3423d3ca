import type { Event } from './event.ts';

export interface Origin {
  readonly ip: string | null;
  /** The user agent in words. */
  readonly device: string | null;
}

/** Where something was done from: the actor's client, else what the event itself tells of a sign-in. */
export function originOf({ actor, data }: Pick<Event, 'actor' | 'data'>): Origin {
  return {
    ip: actor.ip ?? textIn(data['ip']),
    device: actor.device ?? textIn(data['device']) ?? textIn(data['userAgent']),
  };
}

/** An operator's address and device are nobody's business but the operators'. */
export const originIsTold = (actor: Pick<Event['actor'], 'type'>): boolean => actor.type !== 'OPERATOR';

const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
