import { areBounds, type PaymentLink } from '../../domain/payment-link/payment-link.ts';
import { isPlainLine, isPlainText } from '../../domain/text/plain-text.ts';
import { positiveAmount } from '../amount-input.ts';
import type { PaymentLinkPatch } from '../ports/payment-link-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** What a merchant sets of a link. Left out: as it is; null: none. */
export interface PaymentLinkFields {
  readonly title?: string | null | undefined;
  readonly description?: string | null | undefined;
  /** Decimals in the whole units of the link's currency. */
  readonly minimumAmount?: string | null | undefined;
  readonly maximumAmount?: string | null | undefined;
  readonly returnUrl?: string | null | undefined;
}

const MAX_TITLE = 100;
const MAX_DESCRIPTION = 1000;
const MAX_URL = 2000;

/** The fields that are given, as they are kept; INVALID_INPUT with the path of the first fault. */
export function readPaymentLink(
  input: PaymentLinkFields,
  present: Pick<PaymentLink, 'currency' | 'minimumAmount' | 'maximumAmount'>,
): Result<PaymentLinkPatch> {
  const problem = checkTexts(input);
  if (problem) return problem;
  const bounds: { minimumAmount?: bigint | null; maximumAmount?: bigint | null } = {};
  for (const name of ['minimumAmount', 'maximumAmount'] as const) {
    const decimal = input[name];
    if (decimal === undefined) continue;
    const amount = decimal === null ? null : positiveAmount(decimal, present.currency);
    if (decimal !== null && amount === null) {
      const message = `The amount is no positive decimal of ${present.currency}, or too large.`;
      return refuse('INVALID_INPUT', message, name);
    }
    bounds[name] = amount;
  }
  if (!areBounds({ ...present, ...bounds })) {
    return refuse('INVALID_INPUT', 'The minimum is above the maximum.', 'minimumAmount');
  }
  const { title, description, returnUrl } = input;
  return done({
    ...(typeof title === 'string' ? { title: title.trim() } : {}),
    ...(description === undefined ? {} : { description }),
    ...bounds,
    ...(returnUrl === undefined ? {} : { returnUrl }),
  });
}

function checkTexts({ title, description, returnUrl }: PaymentLinkFields): Result<never> | null {
  if (title !== undefined && !isTitle(title ?? '')) {
    return refuse('INVALID_INPUT', `A title is one line of 1 to ${MAX_TITLE} characters.`, 'title');
  }
  if (typeof description === 'string') {
    const fits = description.length >= 1 && description.length <= MAX_DESCRIPTION;
    if (!fits || !isPlainText(description)) {
      const message = `A description has 1 to ${MAX_DESCRIPTION} characters and no control characters.`;
      return refuse('INVALID_INPUT', message, 'description');
    }
  }
  if (typeof returnUrl === 'string' && returnUrl.length > MAX_URL) {
    return refuse('INVALID_INPUT', `This has at most ${MAX_URL} characters.`, 'returnUrl');
  }
  return null;
}

function isTitle(text: string): boolean {
  const title = text.trim();
  return title.length >= 1 && title.length <= MAX_TITLE && isPlainLine(title);
}
