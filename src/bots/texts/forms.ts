import { formatAmount, type Money } from '../../domain/money/money.ts';
import { shortLine, sumText } from '../../domain/text/written-forms.ts';

/** An amount in the form of a language with all digits of its currency. */
export const moneyText = (money: Money, locale: string): string =>
  sumText(formatAmount(money), money.currency, locale);

const MAX_LENGTH = 200;

/** What a stranger may have chosen, such as the name of a device. */
export const lineText = (value: string): string => shortLine(value, MAX_LENGTH);

/** The lines that there are, one below the other. */
export const lines = (...all: readonly (string | null | false)[]): string => all.filter(Boolean).join('\n');
