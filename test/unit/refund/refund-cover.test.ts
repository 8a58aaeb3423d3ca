import { expect, it } from 'vitest';
import { isCovered } from '../../../src/domain/refund/refund-limits.ts';

const refund = (id: string, amount: bigint, isSigned = false) => ({ id, amount, isSigned });
const covered = (standing: readonly ReturnType<typeof refund>[], captured: bigint) =>
  standing.filter(({ id }) => isCovered(id, standing, captured)).map(({ id }) => id);

it('covers all refunds while what was captured stands', () => {
  expect(covered([refund('a', 40n), refund('b', 60n)], 100n)).toEqual(['a', 'b']);
});

it('fails no refund for one that is not covered itself', () => {
  expect(covered([refund('a', 100n), refund('b', 10n)], 60n)).toEqual(['b']);
  expect(covered([refund('a', 10n), refund('b', 100n), refund('c', 50n)], 60n)).toEqual(['a', 'c']);
});

it('gives the same money to one of two, the older one', () => {
  expect(covered([refund('a', 50n), refund('b', 50n)], 60n)).toEqual(['a']);
});

it('takes off first what is signed, covered or not', () => {
  expect(covered([refund('a', 50n), refund('b', 50n, true)], 60n)).toEqual(['b']);
  expect(covered([refund('a', 50n), refund('b', 80n, true)], 60n)).toEqual([]);
});

it('covers nothing that does not stand', () => {
  expect(isCovered('other', [refund('a', 1n)], 100n)).toBe(false);
});
