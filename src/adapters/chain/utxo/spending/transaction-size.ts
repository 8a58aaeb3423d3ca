/** Sizes of a transaction whose inputs are all P2WPKH, in weight units (BIP-141). */

/** Bytes outside of the witness count four times. */
const SCALE = 4;
/** Version and lock time. */
const FIXED_BYTES = 8;
/** Marker and flag (BIP-144). */
const FIXED_WITNESS = 2;
/** Transaction id, output index, empty script, sequence. */
const INPUT_BYTES = 41;
/** Count, a signature of 72 bytes at most (low S, BIP-146) and a public key of 33, with their lengths. */
const INPUT_WITNESS = 108;
const AMOUNT_BYTES = 8;

/** Bytes of the script of P2WPKH. */
export const P2WPKH_BYTES = 22;

/** A count or length takes one byte, or three from 253 on (CompactSize). */
const countBytes = (count: number): number => (count < 0xfd ? 1 : 3);

/** Virtual bytes (BIP-141), at most: a signature may come out a byte shorter. */
export function virtualSize(inputs: number, outputScripts: readonly number[]): number {
  const outputs = outputScripts.reduce((sum, script) => sum + AMOUNT_BYTES + countBytes(script) + script, 0);
  const plain =
    FIXED_BYTES + countBytes(inputs) + countBytes(outputScripts.length) + inputs * INPUT_BYTES + outputs;
  return Math.ceil((plain * SCALE + FIXED_WITNESS + inputs * INPUT_WITNESS) / SCALE);
}

/** What one more input adds, rounded up. */
export const INPUT_VIRTUAL_SIZE = Math.ceil((INPUT_BYTES * SCALE + INPUT_WITNESS) / SCALE);

/** @param rate the smallest unit for 1,000 virtual bytes */
export const feeOf = (rate: bigint, size: number): bigint => (rate * BigInt(size) + 999n) / 1_000n;
