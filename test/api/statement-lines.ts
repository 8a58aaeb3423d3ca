import { expect } from 'vitest';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';

export const ALL = ['PENDING', 'AVAILABLE', 'HELD', 'OWED'] as const;

export type Line = operations.StatementOfPayoutsQuery['statement']['edges'][number]['node'];

/** The whole TEST statement of a merchant, page by page. */
export async function linesOf(
  { owner, merchantId }: DemoMerchant,
  filter: operations.StatementFilter,
): Promise<Line[]> {
  const lines: Line[] = [];
  let after: string | null = null;
  for (;;) {
    const asked: operations.StatementOfPayoutsQueryVariables = { merchantId, filter, first: 100, after };
    const { statement }: operations.StatementOfPayoutsQuery = await owner.send(
      operations.StatementOfPayoutsDocument,
      asked,
    );
    lines.push(...statement.edges.map(({ node }) => node));
    if (!statement.pageInfo.hasNextPage) return lines;
    after = statement.pageInfo.endCursor ?? null;
  }
}

export const told = ({ account, kind, amount }: Line): string =>
  `${account} ${kind} ${amount.minorUnits} ${amount.currency.code}`;

/** What each part of each balance is, as `USDT HELD`; parts of nothing are left out. */
export type Sums = Readonly<Record<string, bigint>>;

const withoutNothing = (sums: Iterable<readonly [string, bigint]>): Sums =>
  Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n));

export async function balancesOf({ owner, merchantId }: DemoMerchant): Promise<Sums> {
  const { balances } = await owner.send(operations.BalancesAndDebtsDocument, { merchantId, mode: 'TEST' });
  return withoutNothing(
    balances.flatMap(({ asset: { code }, pending, available, held, owed }) => [
      [`${code} PENDING`, BigInt(pending.minorUnits)] as const,
      [`${code} AVAILABLE`, BigInt(available.minorUnits)] as const,
      [`${code} HELD`, BigInt(held.minorUnits)] as const,
      [`${code} OWED`, -BigInt(owed.minorUnits)] as const,
    ]),
  );
}

/** The opening balances with the lines since then are the balances now; without opening: all lines are. */
export async function expectSums(
  merchant: DemoMerchant,
  opening: Sums = {},
  createdFrom?: Date,
): Promise<void> {
  const sums = new Map(Object.entries(opening));
  const span = createdFrom ? { createdFrom: createdFrom.toISOString() } : {};
  for (const { account, amount } of await linesOf(merchant, { account: [...ALL], ...span })) {
    const part = `${amount.currency.code} ${account}`;
    sums.set(part, (sums.get(part) ?? 0n) + BigInt(amount.minorUnits));
  }
  expect(withoutNothing(sums)).toEqual(await balancesOf(merchant));
}
