import { formatAmount, type Money } from '../../domain/money/money.ts';

/** What stands in a column of a row; objects are JSON. */
export type CellValue = string | number | boolean | null | object;

export interface Column<Row> {
  readonly isNumber: boolean;
  read(row: Row): CellValue;
}

/** Text, also of a fixed set; null stays empty. */
export const text = <Row>(read: (row: Row) => string | null): Column<Row> => ({ isNumber: false, read });

/** A whole number; one that a float might not hold is an exact text in JSON. */
export const number = <Row>(read: (row: Row) => number | bigint | null): Column<Row> => ({
  isNumber: true,
  read(row) {
    const value = read(row);
    return typeof value === 'bigint' ? value.toString() : value;
  },
});

/** A decimal in whole units of the currency: an exact text, in JSON too. */
export const amount = <Row>(read: (row: Row) => Money | null): Column<Row> => ({
  isNumber: true,
  read(row) {
    const money = read(row);
    return money && formatAmount(money);
  },
});

/** A decimal that is none of money, such as a rate. */
export const decimal = <Row>(read: (row: Row) => string | null): Column<Row> => ({ isNumber: true, read });

/** ISO 8601 in UTC. */
export const moment = <Row>(read: (row: Row) => Date | null): Column<Row> => ({
  isNumber: false,
  read: (row) => read(row)?.toISOString() ?? null,
});

export const json = <Row>(read: (row: Row) => object): Column<Row> => ({ isNumber: false, read });
