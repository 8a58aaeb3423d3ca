import type { Clock } from '../ports/clock.ts';
import type { ChatPlace, TelegramStore } from '../ports/telegram-store.ts';

/** For how long, in milliseconds; null until the person says otherwise. */
export const MUTE_MS = {
  HOUR: 3_600_000,
  EIGHT_HOURS: 8 * 3_600_000,
  DAY: 24 * 3_600_000,
  FOREVER: null,
} as const satisfies Record<string, number | null>;

export type MuteLength = keyof typeof MUTE_MS;

/** Stands for a time that never comes. */
export const FOREVER = new Date('9999-12-31T00:00:00Z');

/**
 * Keeps a chat quiet for a while, but for what is critical or about the safety of the account (FEATURES N10). Gives
 * until when, or null when it rings again. Safe to repeat.
 */
export type TelegramChatMute = (chat: ChatPlace, length: MuteLength | null) => Promise<Date | null>;

export const telegramChatMute =
  ({
    telegram,
    clock,
  }: {
    readonly telegram: Pick<TelegramStore, 'mute'>;
    readonly clock: Clock;
  }): TelegramChatMute =>
  async (chat, length) => {
    const until = length === null ? null : mutedUntil(MUTE_MS[length], clock.now());
    await telegram.mute(chat, until);
    return until;
  };

const mutedUntil = (ms: number | null, at: Date): Date =>
  ms === null ? FOREVER : new Date(at.getTime() + ms);
