import { createHash } from 'node:crypto';
import { isCurrencyCode } from '../../domain/money/currencies.ts';
import { parseAmount, type Money } from '../../domain/money/money.ts';
import type { BotTexts } from '../texts/bot-texts.ts';

/** What `/invoice` asks for. */
export interface InvoiceOrder {
  /** A decimal in whole units. */
  readonly amount: string;
  readonly money: Money;
  readonly orderId: string | null;
}

const COMMAND = /^\/invoice(?:@\w+)?(?:\s+(?<rest>[\s\S]*))?$/i;
const WORDS = /^(?<amount>\S+)\s+(?<currency>\S+)(?:\s+(?<orderId>[\s\S]*))?$/;
const MAX_ORDER_ID = 128;
/** What shops write as an order id: one line without control characters. */
const ORDER_ID = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+$/u;

/** Reads `/invoice <amount> <currency> [order id]`; a comma does for the point. Else what is wrong with it. */
export function readOrder(
  text: string,
  texts: BotTexts['invoice'],
): InvoiceOrder | { readonly fault: string } {
  const words = WORDS.exec(COMMAND.exec(text.trim())?.groups?.['rest']?.trim() ?? '')?.groups;
  if (!words) return { fault: texts.usage };
  const currency = (words['currency'] ?? '').toUpperCase();
  if (!isCurrencyCode(currency)) return { fault: texts.unknownCurrency(currency.slice(0, 16)) };
  const amount = (words['amount'] ?? '').replace(',', '.');
  const minorUnits = parseAmount(amount, currency);
  if (minorUnits === null || minorUnits === 0n) return { fault: texts.badAmount(currency) };
  const orderId = words['orderId']?.trim() || null;
  if (orderId !== null && (orderId.length > MAX_ORDER_ID || !ORDER_ID.test(orderId)))
    return { fault: texts.badOrderId };
  return { amount, money: { minorUnits, currency }, orderId };
}

/**
 * Eight characters that belong to what is asked for. The buttons carry them, so that a command which its writer changed
 * after the question is noticed.
 */
export const orderMark = ({ money, orderId }: InvoiceOrder): string =>
  createHash('sha256')
    .update(JSON.stringify([String(money.minorUnits), money.currency, orderId]))
    .digest('base64url')
    .slice(0, 8);
