import { BotError } from 'grammy';
import { withoutTokens } from '../domain/text/without-tokens.ts';

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
