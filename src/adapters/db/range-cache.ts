import { parseIpRange, type IpRange } from '../../domain/access/ip-range.ts';

const MAX_LISTS = 1_000;

/** Reads lists of ranges, each once: reading fifty takes longer than the look-up of the key. */
export function createRangeCache(): (texts: readonly string[]) => readonly IpRange[] {
  const lists = new Map<string, readonly IpRange[]>();
  return (texts) => {
    if (texts.length === 0) return [];
    const key = texts.join(' ');
    const known = lists.get(key);
    if (known) return known;
    const ranges = texts.map(readRange);
    if (lists.size >= MAX_LISTS) lists.clear();
    lists.set(key, ranges);
    return ranges;
  };
}

/** Throws for what cannot be read: left out, it could leave a list empty, and the key open to all. */
function readRange(text: string): IpRange {
  const range = parseIpRange(text);
  if (!range) throw new Error('an API key has an address range that cannot be read');
  return range;
}
