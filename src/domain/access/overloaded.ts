/** Too much of something dear is asked for at once. Nothing was done; the same request works in a moment. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  readonly retryAfterSeconds = 1;

  constructor(what: string) {
    super(`Too many wait for ${what}`);
  }
}
