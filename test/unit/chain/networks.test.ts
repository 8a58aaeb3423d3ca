import fc from 'fast-check';
import { getAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import { checksumAddress } from '../../../src/adapters/chain/evm/checksum-address.ts';
import {
  knownTokens,
  tokenTransfers,
  TRANSFER_TOPIC,
} from '../../../src/adapters/chain/evm/evm-transfers.ts';
import { NETWORKS, networkOf, tokenDecimals } from '../../../src/domain/chain/networks.ts';

test('the contracts are written with their checksums, and stand once on a network', () => {
  for (const { code } of NETWORKS) {
    const contracts = networkOf(code).assets.flatMap(({ contract }) => (contract === null ? [] : [contract]));
    expect(contracts.map((contract) => getAddress(contract.toLowerCase()))).toEqual(contracts);
    expect(new Set(contracts).size).toBe(contracts.length);
    expect(new Set(networkOf(code).assets.map((row) => row.asset)).size).toBe(networkOf(code).assets.length);
  }
});

test('an address gets the checksum of EIP-55', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      const address = `0x${Buffer.from(bytes).toString('hex')}` as const;
      expect(checksumAddress(address)).toBe(getAddress(address));
      expect(checksumAddress(getAddress(address))).toBe(getAddress(address));
    }),
  );
});

test('chain ids differ', () => {
  const ids = NETWORKS.flatMap(({ chainId }) => (chainId === null ? [] : [chainId]));
  expect(new Set(ids).size).toBe(ids.length);
});

test('a token counts like its currency unless it says otherwise', () => {
  const digits = (code: string) => networkOf(code).assets.map((row) => `${row.asset} ${tokenDecimals(row)}`);
  expect(digits('ETHEREUM')).toEqual(['ETH 18', 'USDC 6', 'USDT 6']);
  expect(digits('BSC')).toEqual(['USDC 18', 'USDT 18']);
});

describe('an amount in a token’s own unit', () => {
  const contract = `0x${'ab'.repeat(20)}`;
  const received = (decimals: number, value: bigint): bigint => {
    const tokens = knownTokens([{ asset: 'USDT', contract, decimals }]);
    const topic = `0x${'0'.repeat(24)}${'11'.repeat(20)}`;
    const log = {
      contract: getAddress(contract),
      topics: [TRANSFER_TOPIC, topic, topic],
      data: `0x${value.toString(16).padStart(64, '0')}`,
      blockHeight: 1n,
      blockHash: '0x1',
      txId: '0x2',
      logIndex: 0n,
    };
    return tokenTransfers([log], tokens, true)[0]?.amount ?? 0n;
  };

  test('is never counted as more than it is, and less by no whole unit of the currency', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 36 }),
        fc.bigInt({ min: 0n, max: 2n ** 200n }),
        (decimals, value) => {
          // Both in units of 10^-36.
          const own = value * 10n ** BigInt(36 - decimals);
          const counted = received(decimals, value) * 10n ** 30n;
          expect(counted).toBeLessThanOrEqual(own);
          expect(own - counted).toBeLessThan(10n ** 30n);
        },
      ),
    );
  });
});
