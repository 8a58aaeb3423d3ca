import { formatAmount } from '../../domain/money/money.ts';
import type { LabelledFigures, Metrics } from '../metrics.ts';

interface CheckRow {
  readonly network: string;
  readonly asset: string;
  /** In the asset's smallest unit. */
  readonly difference: string;
  readonly age: number;
}

const CHECKS = `
  SELECT network, asset, (chain - ledger)::text AS difference, extract(epoch FROM now() - at)::float8 AS age
  FROM custody_check`;
const LABELS = ['network', 'asset'];

/** What ledger and chains differ by (docs/decisions/0045). `ask` gives null where the database does not answer. */
export function composeCustodyMetrics(
  metrics: Metrics,
  ask: <Row extends object>(text: string) => Promise<Row[] | null>,
): void {
  const figures = (count: (row: CheckRow) => number) => async (): Promise<LabelledFigures> => {
    const rows = await ask<CheckRow>(CHECKS);
    return (
      rows && rows.map((row) => ({ labels: { network: row.network, asset: row.asset }, count: count(row) }))
    );
  };
  metrics.figures(
    'custody_difference',
    'What the chain has more than the ledger says, in units of the asset; below zero money is missing',
    LABELS,
    figures(({ asset, difference }) =>
      Number(formatAmount({ minorUnits: BigInt(difference), currency: asset })),
    ),
  );
  metrics.figures(
    'custody_check_age_seconds',
    'Since ledger and chain were last compared',
    LABELS,
    figures(({ age }) => age),
  );
}
