import type { EventWatch } from '../../usecases/ports/event-log.ts';

export interface WakeUpPauses {
  /** For what nobody announced. */
  readonly idleMilliseconds: number;
  /** While events are held back: most transactions that hold them back end within a few milliseconds. */
  readonly heldBackMilliseconds: { readonly first: number; readonly longest: number };
}

export const WAKE_UP_PAUSES: WakeUpPauses = {
  idleMilliseconds: 1000,
  heldBackMilliseconds: { first: 5, longest: 250 },
};

export interface WakeUp extends EventWatch {
  /** Events were committed. Any number of calls before the next look are one. */
  wake(): void;
}

/** The alarm clock of one reader of the event log. It reads after each `wait`, so that no `wake` is slept through. */
export function createWakeUp(
  pauses: WakeUpPauses,
  onClose: (wakeUp: WakeUp) => void = () => undefined,
): WakeUp {
  const { first, longest } = pauses.heldBackMilliseconds;
  let announced = false;
  let heldBackPause = first;
  let rise: () => void = () => undefined;

  const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        rise = () => undefined;
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      signal.addEventListener('abort', finish, { once: true });
      rise = finish;
    });

  const wakeUp: WakeUp = {
    wake: () => {
      announced = true;
      rise();
    },
    wait: async (heldBack, signal) => {
      if (!heldBack) heldBackPause = first;
      if (!announced && !signal.aborted) {
        await sleep(heldBack ? heldBackPause : pauses.idleMilliseconds, signal);
        if (heldBack && !announced) heldBackPause = Math.min(heldBackPause * 2, longest);
      }
      announced = false;
    },
    close: () => onClose(wakeUp),
  };
  return wakeUp;
}
