import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../usecases/ports/logger.ts';
import { DONE, endable } from './endable.ts';

/** Something that changes without an event, read for all that follow it in this process. */
export interface SharedPoll<T> {
  /** How it stands: at once, and after each change. Whoever is slow is told the last state only. */
  follow(): AsyncIterableIterator<T>;
}

interface Follower<T> {
  /** What it was told last. */
  told: T | null;
  rise: () => void;
  over: boolean;
}

/** Reads every `gapMs` milliseconds while somebody follows, and not at all while nobody does. */
export function createSharedPoll<T>(
  read: () => Promise<T>,
  { gapMs, log }: { readonly gapMs: number; readonly log: Logger },
): SharedPoll<T> {
  const followers = new Set<Follower<T>>();
  let state: T | null = null;
  let reading = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    timer = undefined;
    reading = true;
    try {
      const now = await read();
      if (!isDeepStrictEqual(now, state)) state = now;
      for (const { rise } of followers) rise();
    } catch (error) {
      log.warn({ err: error }, 'what is followed could not be read; trying again');
    }
    reading = false;
    rest();
  };
  const hasNews = ({ told }: Follower<T>): boolean => state !== null && state !== told;
  const rest = (): void => {
    if (followers.size > 0) {
      timer ??= setTimeout(() => void look(), gapMs).unref();
      return;
    }
    clearTimeout(timer);
    timer = undefined;
    // Old by the time that somebody comes again.
    state = null;
  };

  return {
    follow() {
      const follower: Follower<T> = { told: null, rise: () => undefined, over: false };
      const next = async (): Promise<IteratorResult<T, undefined>> => {
        // Who left while an item was on its way asks once more, and must not be followed for ever.
        if (follower.over) return DONE;
        followers.add(follower);
        if (!reading && timer === undefined) void look();
        while (!follower.over && !hasNews(follower))
          await new Promise<void>((resolve) => (follower.rise = resolve));
        if (follower.over || state === null) return DONE;
        follower.told = state;
        return { done: false, value: state };
      };
      return endable(next, () => {
        follower.over = true;
        followers.delete(follower);
        follower.rise();
        if (!reading) rest();
      });
    },
  };
}
