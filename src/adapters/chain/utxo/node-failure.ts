const LONGEST = 200;

/** Why a node could not be used. The message goes into logs and to operators: no address, no credentials. */
export class NodeFailure extends Error {
  override readonly name = 'NodeFailure';
  /** How long the node wants to be left alone, in milliseconds; null when it said nothing. */
  readonly restMs: number | null;
  /** The node is of another chain: a fault of the configuration, which no waiting mends. */
  readonly isForeign: boolean;

  constructor(message: string, more: { readonly restMs?: number; readonly isForeign?: boolean } = {}) {
    super(message);
    this.restMs = more.restMs ?? null;
    this.isForeign = more.isForeign ?? false;
  }
}

/** The node's own words, short, on one line, and without anything that looks like an address. */
export const wordsOf = (text: string): string =>
  text
    .replaceAll(/[a-z]+:\/\/\S+/gi, '<address>')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, LONGEST);
