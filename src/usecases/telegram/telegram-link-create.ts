import type { Actor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { QrCodes } from '../ports/qr-codes.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { BotKind, TelegramStore } from '../ports/telegram-store.ts';
import { done, refuse, type Result } from '../result.ts';

export interface TelegramLinkCreateDeps {
  readonly telegram: Pick<TelegramStore, 'createLink'>;
  readonly secrets: Pick<Secrets, 'issue'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly qr: QrCodes;
  readonly limits: AttemptLimits;
  /** The bot's public name without @; null when the gateway has no such bot. */
  readonly botUsername: (bot: BotKind) => Promise<string | null>;
}

export interface TelegramLinkCreateInput {
  readonly bot: BotKind;
  /** The merchant whose events the chat is told; for the merchant bot only. */
  readonly merchantId?: string;
}

export interface TelegramDeepLink {
  /** Opens the bot in Telegram with a Start button. */
  readonly url: string;
  /** `url` as a QR code, an SVG element: for a telephone in front of another screen. */
  readonly qr: string;
  /** What `url` carries; shown once. */
  readonly token: string;
  readonly expiresAt: Date;
}

export type TelegramLinkCreate = (
  actor: Actor,
  input: TelegramLinkCreateInput,
) => Promise<Result<TelegramDeepLink>>;

const LIFETIME_MILLISECONDS = 15 * 60_000;

/** What Telegram hands through a deep link's `start` parameter (RULES 15). */
const START_PARAMETER = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Makes the single-use link by which a person connects a Telegram chat (FEATURES N4).
 * Refusals: FORBIDDEN, INVALID_INPUT, NOT_FOUND (no such bot here), RATE_LIMITED.
 */
export const telegramLinkCreate =
  ({ telegram, secrets, clock, ids, qr, limits, botUsername }: TelegramLinkCreateDeps): TelegramLinkCreate =>
  async (actor, { bot, merchantId }) => {
    if (actor.type !== 'USER') return refuse('FORBIDDEN', 'Only a person can connect a Telegram chat.');
    if (bot === 'MERCHANT' && merchantId === undefined)
      return refuse('INVALID_INPUT', 'The merchant bot needs a merchant.', 'merchantId');
    if (bot === 'INFO' && merchantId !== undefined)
      return refuse('INVALID_INPUT', 'The info bot belongs to the person, not to a merchant.', 'merchantId');
    if (merchantId !== undefined && !may(actor, 'telegram:connect', { merchantId }))
      return refuse('FORBIDDEN', 'You may not connect a chat to this merchant.', 'merchantId');
    const username = await botUsername(bot);
    if (username === null) return refuse('NOT_FOUND', 'This gateway has no such bot.', 'bot');

    const createdAt = clock.now();
    const limited = await takeAttempt(limits, 'telegram_link', { account: actor.userId }, createdAt);
    if (limited) return limited;
    const expiresAt = new Date(createdAt.getTime() + LIFETIME_MILLISECONDS);
    const { secret: token, hash: tokenHash } = secrets.issue('');
    if (!START_PARAMETER.test(token))
      throw new Error('the issued secret does not fit into a Telegram deep link');
    await telegram.createLink({
      id: ids.next(),
      bot,
      userId: actor.userId,
      merchantId: merchantId ?? null,
      tokenHash,
      tokenExpiresAt: expiresAt,
      createdAt,
    });
    const url = `https://t.me/${username}?start=${token}`;
    return done({ url, qr: qr.svg(url), token, expiresAt });
  };
