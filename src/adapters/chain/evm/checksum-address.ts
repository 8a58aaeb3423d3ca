import { keccak_256 } from '@noble/hashes/sha3.js';

/** Tokens, exchanges and pools come again and again. */
const MOST_KEPT = 20_000;
const kept = new Map<string, string>();

/**
 * The EIP-55 form of 20 bytes in hexadecimal digits. For the thousands of transfers of a block: the general function of
 * the client library takes three times as long.
 */
export function checksumAddress(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const known = kept.get(digits);
  if (known !== undefined) return known;
  const hash = keccak_256(Buffer.from(digits, 'latin1'));
  let checksummed = '0x';
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charAt(place);
    const byte = hash[place >> 1] ?? 0;
    const nibble = place % 2 === 0 ? byte >> 4 : byte & 15;
    checksummed += nibble >= 8 ? digit.toUpperCase() : digit;
  }
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(digits, checksummed);
  return checksummed;
}
