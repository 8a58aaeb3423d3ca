/** Keeps slow endpoints, and those with very much to do, from taking the places of others (RULES 11). */
export interface EndpointPlaces {
  /** A place for one message to the endpoint, which may be waited for, or the milliseconds after which to ask again. */
  enter(endpointId: string): Promise<EndpointPlace | number>;
}

export interface EndpointPlace {
  /** The request goes out. What takes long before is not the endpoint's fault. */
  begin(): void;
  /** Gives the place back; once more does nothing. */
  leave(): void;
}

/** Messages to one endpoint at a time; of a slow one. */
const ROOM = 4;
const SLOW_ROOM = 1;
/** As many wait for their turn here, for so long; more are put off. Of a slow one, for as long as an answer takes. */
const MOST_WAITING = 16;
const LONGEST_WAIT_MS = 1_000;
const SLOW_WAITING = 1;
/** An endpoint that has not answered for as long is a slow one, and for a minute after it. */
const SLOW_MS = 1_000;
const SLOW_FOR_MS = 60_000;
/** Nobody is put off for longer: the endpoint may be quick again. */
const LONGEST_PUT_OFF_MS = 300_000;

interface Message {
  /** When its request went out. */
  begunAt: number | null;
}

interface Endpoint {
  readonly under: Set<Message>;
  readonly waiting: ((place: EndpointPlace) => void)[];
  slowUntil: number;
  /** How long its last slow answer took. */
  pace: number;
  /** When the last one that was put off will come. */
  lastTurn: number;
}

/**
 * The places are memory of one process: a crash loses no message by it, and costs slow endpoints some seconds.
 *
 * @param now milliseconds of a clock that is never put back
 */
export function createEndpointPlaces(now: () => number = () => performance.now()): EndpointPlaces {
  const endpoints = new Map<string, Endpoint>();

  const isSlow = ({ under, slowUntil }: Endpoint): boolean =>
    slowUntil > now() || [...under].some(({ begunAt }) => begunAt !== null && now() - begunAt >= SLOW_MS);
  const hasRoom = (endpoint: Endpoint): boolean =>
    endpoint.under.size < (isSlow(endpoint) ? SLOW_ROOM : ROOM);

  /**
   * Those to a slow endpoint come one after the other, as far apart as it needs. Where they are too many for that, they
   * come evenly, and all but one of those that come together in vain.
   */
  const putOff = (endpoint: Endpoint): number => {
    if (!isSlow(endpoint)) return LONGEST_WAIT_MS;
    const isRoundOver = endpoint.lastTurn - now() >= LONGEST_PUT_OFF_MS;
    const last = isRoundOver ? now() : Math.max(endpoint.lastTurn, now());
    endpoint.lastTurn = last + Math.max(endpoint.pace, SLOW_MS);
    return Math.min(endpoint.lastTurn - now(), LONGEST_PUT_OFF_MS);
  };

  const isIdle = (endpoint: Endpoint): boolean =>
    endpoint.under.size === 0 && endpoint.waiting.length === 0 && !isSlow(endpoint);
  let forgottenAt = now();
  const forgetIdle = (): void => {
    if (now() - forgottenAt < SLOW_FOR_MS) return;
    forgottenAt = now();
    for (const [id, endpoint] of endpoints) if (isIdle(endpoint)) endpoints.delete(id);
  };

  const placeAt = (endpointId: string, endpoint: Endpoint): EndpointPlace => {
    const message: Message = { begunAt: null };
    endpoint.under.add(message);
    return {
      begin: () => void (message.begunAt = now()),
      leave: () => {
        if (!endpoint.under.delete(message)) return;
        const took = message.begunAt === null ? 0 : now() - message.begunAt;
        if (took >= SLOW_MS) {
          endpoint.pace = took;
          endpoint.slowUntil = now() + SLOW_FOR_MS;
        }
        while (hasRoom(endpoint)) {
          const next = endpoint.waiting.shift();
          if (!next) break;
          next(placeAt(endpointId, endpoint));
        }
        if (isIdle(endpoint)) endpoints.delete(endpointId);
      },
    };
  };

  return {
    async enter(endpointId) {
      forgetIdle();
      const endpoint = endpoints.get(endpointId) ?? {
        under: new Set(),
        waiting: [],
        slowUntil: 0,
        pace: 0,
        lastTurn: 0,
      };
      endpoints.set(endpointId, endpoint);
      const { waiting, pace } = endpoint;
      if (waiting.length === 0 && hasRoom(endpoint)) return placeAt(endpointId, endpoint);
      const slow = isSlow(endpoint);
      if (waiting.length >= (slow ? SLOW_WAITING : MOST_WAITING)) return putOff(endpoint);
      const { promise: turn, resolve } = Promise.withResolvers<EndpointPlace | number>();
      waiting.push(resolve);
      const giveUp = (): void => {
        const place = waiting.indexOf(resolve);
        if (place >= 0) waiting.splice(place, 1);
        resolve(putOff(endpoint));
      };
      const timer = setTimeout(giveUp, LONGEST_WAIT_MS + (slow ? pace : 0));
      return await turn.finally(() => clearTimeout(timer));
    },
  };
}
