import type { Actor } from '../../domain/access/actor.ts';
import { FeedOverflow } from '../../usecases/ports/event-log.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden, tooSlow } from '../core/errors.ts';
import { DONE, endable } from './endable.ts';

export interface Guard<In, Out> {
  /** Whether the caller may go on following at all. */
  readonly mayFollow: (actor: Actor) => boolean;
  /** What the caller is told of an item; null when it is left out. */
  readonly told: (item: In, actor: Actor) => Out | null;
}

/**
 * A stream whose caller is looked up again before each item (RULES 14): when the right is gone the stream ends with
 * FORBIDDEN and a socket closes. A caller who is too far behind is told so (TOO_SLOW), and can go on by a cursor.
 */
export function guarded<In, Out>(
  { currentActor, refuseConnection }: Pick<GraphQLContext, 'currentActor' | 'refuseConnection'>,
  source: AsyncIterableIterator<In>,
  { mayFollow, told }: Guard<In, Out>,
): AsyncIterableIterator<Out> {
  const end = (): void => void Promise.resolve(source.return?.()).catch(() => undefined);
  const next = async (): Promise<IteratorResult<Out, undefined>> => {
    for (;;) {
      const item = await source.next();
      if (item.done) return DONE;
      const actor = await currentActor();
      if (!actor || !mayFollow(actor)) {
        refuseConnection();
        throw forbidden('The right to follow this is gone.');
      }
      const value = told(item.value, actor);
      if (value !== null) return { done: false, value };
    }
  };
  // Nobody returns a stream that threw.
  const nextOrEnd = (): Promise<IteratorResult<Out, undefined>> =>
    next().catch((error: unknown) => {
      end();
      throw error instanceof FeedOverflow ? tooSlow() : error;
    });
  return endable(nextOrEnd, end);
}
