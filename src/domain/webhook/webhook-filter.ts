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

/** Whether one of the filters takes the name; without any filter every name is taken. */
export const isTaken = (filters: readonly string[], name: string): boolean =>
  filters.length === 0 || filters.includes(name) || filters.includes(familyOf(name) + WILDCARD);
