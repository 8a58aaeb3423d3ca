export type Parameters = Readonly<Record<string, unknown>>;

/** The envelope of every answer of the Bot API. */
export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly error_code: number;
      readonly description: string;
      readonly parameters?: { readonly retry_after: number };
    };

export const answer = (result: unknown): Answer => ({ ok: true, result });
export const refuse = (error_code: number, description: string): Answer => ({
  ok: false,
  error_code,
  description,
});
