import { sessionTokenKey, type Actor } from '../domain/access/actor.ts';

type LookUp = (actor: Actor) => Promise<Actor | null>;

/**
 * Asks once for all that ask for the same session or key at the same moment, and while the question before is out: when
 * an event reaches many sockets of one caller, each of them asks before it tells it. No answer is used by who asks
 * after the question was put.
 */
export function shareLookups(lookUp: LookUp): LookUp {
  const gathering = new Map<string, Promise<Actor | null>>();
  const out = new Map<string, Promise<unknown>>();

  const put = (key: string, actor: Actor): Promise<Actor | null> => {
    gathering.delete(key);
    const looking = lookUp(actor);
    const follow = async (): Promise<void> => {
      await looking.catch(() => undefined);
      if (out.get(key) === over) out.delete(key);
    };
    const over = follow();
    out.set(key, over);
    return looking;
  };
  const gather = (key: string, actor: Actor): Promise<Actor | null> => {
    const found = (out.get(key) ?? everybodyAsked()).then(() => put(key, actor));
    gathering.set(key, found);
    return found;
  };
  return async (actor) => {
    const key = keyOf(actor);
    if (key === null) return lookUp(actor);
    const found = await (gathering.get(key) ?? gather(key, actor));
    return found && withClientOf(actor, found);
  };
}

/** Behind what is ready by now: those whom one event reaches ask one after the other, in promises of their own. */
const everybodyAsked = (): Promise<void> =>
  Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve)));

/** A key may be open to some addresses only (FEATURES B5). */
function keyOf(actor: Actor): string | null {
  if (actor.type === 'SYSTEM' || actor.type === 'ANONYMOUS') return null;
  const caller = actor.type === 'API_KEY' ? `KEY ${actor.apiKeyId}` : `SESSION ${sessionTokenKey(actor)}`;
  return `${caller} ${actor.client?.ip ?? ''}`;
}

/** Where a caller sits is told by its own connection. */
const withClientOf = (asker: Actor, found: Actor): Actor =>
  'client' in asker && asker.client && found.type !== 'SYSTEM' ? { ...found, client: asker.client } : found;
