import { WEBHOOK_TYPES } from '../event/catalogue.ts';

/** What stands for every name of a family, such as `payment.*`, those to come included. */
const WILDCARD = '.*';

const familyOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));

const FAMILIES: ReadonlySet<string> = new Set(WEBHOOK_TYPES.map(familyOf));

/** Whether an endpoint may choose by this text: the name of an event, or a family such as `payment.*` (FEATURES W1). */
export const isWebhookFilter = (text: string): boolean =>
  text.endsWith(WILDCARD)
    ? FAMILIES.has(text.slice(0, -WILDCARD.length))
    : WEBHOOK_TYPES.some((name) => name === text);

/** Names that tell of payouts: an endpoint hears of them only where it names them, by somebody who sees payouts. */
const isOfPayouts = (text: string): boolean => familyOf(text) === 'payout';

export const tellsPayouts = (filters: readonly string[]): boolean => filters.some(isOfPayouts);

/** Whether one of the filters takes the name; without any filter every name is taken but those of payouts. */
export const isTaken = (filters: readonly string[], name: string): boolean =>
  filters.length === 0
    ? !isOfPayouts(name)
    : filters.includes(name) || filters.includes(familyOf(name) + WILDCARD);
