import { concatHex, encodeErrorResult, numberToHex, pad, size, type Hex } from 'viem';

/**
 * Contracts without a compiler. Called with four bytes, an emitter says how many decimals it has; called with more, it
 * emits them as a log: first the topics, then the data.
 */
export function logEmitter(topics: 3 | 4, decimals: number): Hex {
  const skipped = byte(32 * topics);
  const pushTopics = Array.from(
    { length: topics },
    (_, index): Hex => `0x60${hex(32 * (topics - 1 - index))}35`,
  );
  // CALLDATASIZE PUSH1 4 EQ PUSH1 <decimals> JUMPI
  const head = (target: number): Hex => `0x3660041460${hex(target)}57`;
  const emit = concatHex([
    ...pushTopics,
    // size = CALLDATASIZE - skipped; CALLDATACOPY(0, skipped, size); LOGn(0, size, topics)
    '0x60',
    skipped,
    '0x36038060',
    skipped,
    '0x6000376000',
    byte(0xa0 + topics),
    '0x00',
  ]);
  const target = size(head(0)) + size(emit);
  // JUMPDEST MSTORE(0, decimals) RETURN(0, 32)
  const answer: Hex = `0x5b60${hex(decimals)}60005260206000f3`;
  const runtime = concatHex([head(target), emit, answer]);
  // CODECOPY(0, 11, length) RETURN(0, length)
  return concatHex([`0x60${hex(size(runtime))}80600b6000396000f3`, runtime]);
}

/** Takes back whatever is sent to it, and says why: at most 32 bytes. */
export function revertingWith(reason: string): Hex {
  const inputs = [{ name: 'reason', type: 'string' }] as const;
  const data = encodeErrorResult({ abi: [{ type: 'error', name: 'Error', inputs }], args: [reason] });
  // CODECOPY(0, 12, length) REVERT(0, length)
  const length = byte(size(data));
  const runtime = concatHex(['0x60', length, '0x600c60003960', length, '0x6000fd', data]);
  return concatHex([`0x60${hex(size(runtime))}80600b6000396000f3`, runtime]);
}

export interface ContractCall {
  readonly to: string;
  readonly data: Hex;
}

/** Code of a creation that makes these calls one after the other, in one transaction, and deploys nothing. */
export function callAll(calls: readonly ContractCall[]): Hex {
  const blockSize = 44;
  let offset = calls.length * blockSize + 1;
  const code = calls.map(({ to, data }) => {
    const length = numberToHex(size(data), { size: 2 });
    const from = numberToHex(offset, { size: 2 });
    offset += size(data);
    // CODECOPY(0, from, length) POP(CALL(GAS, to, 0, 0, length, 0, 0))
    return concatHex([
      '0x61',
      length,
      '0x61',
      from,
      '0x6000396000600061',
      length,
      '0x6000600073',
      `0x${to.slice(2)}`,
      '0x5af150',
    ]);
  });
  return concatHex([...code, '0x00', ...calls.map(({ data }) => data)]);
}

export const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/** What makes an emitter log a transfer. */
export const transferLog = (to: string, value: bigint): Hex =>
  concatHex([TRANSFER_TOPIC, word(`0x${'11'.repeat(20)}`), word(to), numberToHex(value, { size: 32 })]);

export const word = (address: string): Hex => pad(`0x${address.slice(2)}`);

const hex = (value: number): string => value.toString(16).padStart(2, '0');
const byte = (value: number): Hex => `0x${hex(value)}`;
