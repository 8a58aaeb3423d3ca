/** How much one document may ask for (QUALITY, security 1). */
export interface Limits {
  /** Levels of fields, introspection left out. */
  readonly depth: number;
  readonly aliases: number;
  readonly tokens: number;
  readonly directives: number;
  /** Points by `fieldCost`. */
  readonly cost: number;
}

export const LIMITS: Limits = { depth: 12, aliases: 15, tokens: 1000, directives: 50, cost: 10_000 };
