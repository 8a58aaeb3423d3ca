import { describe, expect, it } from 'vitest';
import {
  broadcastAnswer,
  broadcastAnswers,
} from '../../../src/adapters/chain/utxo/spending/broadcast-answer.ts';

const refusal = (code: number, message: string) => broadcastAnswer({ refusal: { code, message } });

describe('what a node says of a transaction that it was given', () => {
  it.each([
    [-27, 'Transaction already in block chain'],
    [-27, 'Transaction outputs already in utxo set'],
    [-26, 'txn-already-in-mempool'],
    [-26, '257: txn-already-known'],
  ])('%i %s: it has it', (code, message) => expect(refusal(code, message)).toBe('taken'));

  it.each([
    [-26, 'dust'],
    [-26, '64: scriptpubkey'],
    [
      -26,
      'mandatory-script-verify-flag-failed (Signature must be zero for failed CHECK(MULTI)SIG operation)',
    ],
    [-26, 'bad-txns-in-belowout, value in (0.1) < value out (0.2)'],
    [-22, 'TX decode failed. Make sure the tx has at least one input.'],
  ])('%i %s: it can never be mined', (code, message) => expect(refusal(code, message)).toBe('refused'));

  it.each([
    [-25, 'bad-txns-inputs-missingorspent'],
    [-25, 'Missing inputs'],
    [-26, 'txn-mempool-conflict'],
    [-26, 'insufficient fee, rejecting replacement ab; new feerate 0.00001 <= old feerate 0.00002'],
    [-26, 'mempool min fee not met, 100 < 200'],
    [-26, 'too-long-mempool-chain, too many unconfirmed ancestors [limit: 25]'],
    [-28, 'Loading block index...'],
  ])('%i %s: that passes, or the chain decides', (code, message) =>
    expect(refusal(code, message)).toBe('unknown'),
  );

  it('is what one node has, or all refuse', () => {
    expect(broadcastAnswers(['refused', 'unknown', 'taken'], 3)).toBe('taken');
    expect(broadcastAnswers(['refused', 'refused'], 2)).toBe('refused');
    expect(broadcastAnswers(['refused', 'unknown'], 2)).toBe('unknown');
    // One that rests may have it.
    expect(broadcastAnswers(['refused'], 2)).toBe('unknown');
    expect(broadcastAnswers([], 1)).toBe('unknown');
    expect(broadcastAnswer(undefined)).toBe('unknown');
    expect(broadcastAnswer({ result: 'ab' })).toBe('taken');
  });
});
