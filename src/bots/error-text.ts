import { BotError } from 'grammy';

/**
 * An error as text for the log. Only the texts: grammY's errors hold the context, and with it the bot's token
 * (QUALITY, security 35).
 */
export function errorText(error: unknown): string {
  if (error instanceof BotError) return errorText(error.error);
  if (!(error instanceof Error)) return withoutTokens(String(error));
  const cause = error.cause === undefined ? '' : ` (${errorText(error.cause)})`;
  return withoutTokens(`${error.name}: ${error.message}`) + cause;
}

/** `<bot id>:<secret>`, which stands in the address of every Bot API call. */
const TOKEN = /\d+:[A-Za-z0-9_-]{20,}/g;

const withoutTokens = (text: string): string =>
  text.replace(/\/bot[^/\s]+/g, '/bot<token>').replace(TOKEN, '<token>');
