import { decodeFunctionData, erc20Abi } from 'viem';
import { describe, expect, it } from 'vitest';
import { agreed, type NodeSight } from '../../../src/adapters/chain/node-sights.ts';
import { answerOf, giveTo } from '../../../src/adapters/chain/evm/spending/broadcast.ts';
import { dearer } from '../../../src/adapters/chain/evm/spending/gas-prices.ts';
import {
  chainAssets,
  nativeCoin,
  transferCall,
} from '../../../src/adapters/chain/evm/spending/transfer-call.ts';
import { refusal } from '../../../src/adapters/chain/evm/nodes/rpc-refusal.ts';

const TOKEN = '0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d';
const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

describe('a transfer', () => {
  it.each([
    [6, 1_234_567n, 1_234_567n],
    [18, 1_234_567n, 1_234_567_000_000_000_000n],
    [2, 1_230_000n, 123n],
  ])('of a token with %i decimals counts in its units', (decimals, amount, units) => {
    const asset = chainAssets([{ asset: 'USDC', contract: TOKEN.toLowerCase(), decimals }]).get('USDC');
    if (!asset) throw new Error('no asset');
    const { to, value, data } = transferCall(asset, { asset: 'USDC', to: TO.toLowerCase(), amount });
    expect([to, value]).toEqual([TOKEN, 0n]);
    expect(decodeFunctionData({ abi: erc20Abi, data })).toEqual({
      functionName: 'transfer',
      args: [TO, units],
    });
    expect(asset.fromChain(units)).toBe(amount);
  });

  it('of what a token cannot count is refused, not rounded', () => {
    const asset = chainAssets([{ asset: 'USDC', contract: TOKEN, decimals: 2 }]).get('USDC');
    expect(() => asset?.toChain(1_234_567n)).toThrow(RangeError);
  });

  it('of a balance with a fraction below the smallest unit rounds it down', () => {
    const asset = chainAssets([{ asset: 'USDC', contract: TOKEN, decimals: 18 }]).get('USDC');
    expect(asset?.fromChain(1_999_999_999_999n)).toBe(1n);
  });

  it('of the coin that only pays for transfers counts in wei', () => {
    const call = transferCall(nativeCoin('BNB'), { asset: 'BNB', to: TO, amount: 5n });
    expect(call).toEqual({ to: TO, value: 5n, data: '0x' });
  });
});

describe('what nodes say of a transaction', () => {
  const rpcThatSays = (message: string) => ({
    call: () =>
      Promise.reject(refusal('eth_sendRawTransaction', { code: -32_000, text: message }, (text) => text)),
  });

  it.each([
    ['already known', 'taken'],
    ['ALREADY_EXISTS: already known', 'taken'],
    ['AlreadyKnown', 'taken'],
    ['Known transaction', 'taken'],
    ['transaction already imported', 'taken'],
    ['nonce too low: next nonce 5, tx nonce 4', 'unknown'],
    ['nonce too low: address 0x1, tx: 0 state: 1', 'unknown'],
    ['OldNonce', 'unknown'],
    ['replacement transaction underpriced', 'unknown'],
    ['transaction underpriced', 'unknown'],
    ['txpool is full', 'unknown'],
    ['insufficient funds for gas * price + value: balance 1, tx cost 2', 'refused'],
    ['intrinsic gas too low', 'refused'],
    ['exceeds block gas limit', 'refused'],
    ['invalid sender', 'refused'],
  ])('%s', async (message, answer) => {
    expect(await giveTo(rpcThatSays(message), '0x')).toBe(answer);
  });

  it.each([
    [['refused', 'taken'], 2, 'taken'],
    [['refused', 'refused'], 2, 'refused'],
    [['refused'], 2, 'unknown'],
    [['refused', 'unknown'], 2, 'unknown'],
    [[], 1, 'unknown'],
  ] as const)('%j of %i', (answers, nodes, answer) => {
    expect(answerOf(answers, nodes)).toBe(answer);
  });
});

describe('what nodes say together', () => {
  const mined = (head: bigint, more: object = {}): NodeSight => ({
    head,
    sight: {
      kind: 'MINED',
      txId: '0x1',
      height: 10n,
      hash: '0xa',
      confirmations: Number(head - 10n) + 1,
      succeeded: true,
      feePaid: 1n,
      ...more,
    },
  });
  const says = (kind: 'UNSEEN' | 'FOREIGN', head: bigint): NodeSight => ({ head, sight: { kind } });
  const pool = (head: bigint): NodeSight => ({ head, sight: { kind: 'POOL', txId: '0x1' } });

  it.each([
    ['the one that is behind counts', [mined(20n), mined(15n)], 6],
    ['one that has not come so far has nothing to say', [mined(20n), says('UNSEEN', 9n)], 11],
    ['one that should know it casts doubt', [mined(20n), says('UNSEEN', 10n)], 1],
    ['so does one that still has it in its pool', [mined(20n), pool(20n)], 1],
    ['and one with another block', [mined(20n), mined(20n, { hash: '0xb' })], 1],
    ['and one with another transaction', [mined(20n), mined(20n, { txId: '0x2' })], 1],
  ])('%s', (_, nodes, confirmations) => {
    expect(agreed(nodes)).toMatchObject({ kind: 'MINED', confirmations });
    expect(agreed(nodes.toReversed())).toMatchObject({ kind: 'MINED', confirmations });
  });

  it('a place is foreign only where no node has one of ours', () => {
    expect(agreed([says('FOREIGN', 20n), pool(20n)])).toEqual({ kind: 'POOL', txId: '0x1' });
    expect(agreed([says('UNSEEN', 19n), says('FOREIGN', 20n)])).toEqual({ kind: 'FOREIGN' });
    expect(agreed([says('UNSEEN', 20n)])).toEqual({ kind: 'UNSEEN' });
  });
});

it.each([0n, 1n, 7n, 8n, 1_000_000_007n])('a higher price is an eighth more at least: %i', (price) => {
  expect(dearer(price) * 8n).toBeGreaterThan(price * 9n);
});
