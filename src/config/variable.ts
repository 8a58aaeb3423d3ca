import type { z } from 'zod';

/** One environment variable: how it is read, and what the README says of it. */
export interface Variable<Value> {
  readonly description: string;
  /** Reads the text of the variable. Gets undefined when it is not set or empty. */
  readonly schema: z.ZodType<Value, string | undefined>;
  /** As the table shows it; left out where there is none. */
  readonly shownDefault?: string;
  /** Its value never appears in messages or logs. */
  readonly secret?: true;
  /** Production does not start without it. */
  readonly requiredInProduction?: true;
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;

export type ValuesOf<V extends Variables> = {
  readonly [Name in keyof V]: V[Name] extends Variable<infer Value> ? Value : never;
};
