/** Longer texts are parsed each time: a cache of them would be a place to fill with rubbish. */
const MAX_TEXT = 10_000;
const MAX_ENTRIES = 1_000;

interface TextCache<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
}

/** Least recently used by query text, bounded in entries and in the length of each text. */
export function createTextCache<Value>(): TextCache<Value> {
  const entries = new Map<string, Value>();
  return {
    get(text) {
      const value = entries.get(text);
      if (value !== undefined) {
        entries.delete(text);
        entries.set(text, value);
      }
      return value;
    },
    set(text, value) {
      if (text.length > MAX_TEXT) return;
      entries.set(text, value);
      const [oldest] = entries.keys();
      if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    },
  };
}
