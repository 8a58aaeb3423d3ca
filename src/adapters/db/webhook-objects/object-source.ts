import type { Pool } from 'pg';
import type { Event } from '../../../domain/event/event.ts';
import { formatAmount } from '../../../domain/money/money.ts';
import { encodeGlobalID } from '../../../domain/text/global-id.ts';

/** A kind of thing that webhooks show. */
export interface ObjectSource {
  readonly objectType: string;
  /** The thing that the event is about, as it is now; null when there is none such. One statement. */
  read(pool: Pool, event: Event, publicUrl: string): Promise<Readonly<Record<string, unknown>> | null>;
}

/** How a kind is read and written. */
interface Kind<Row> {
  readonly objectType: string;
  readonly text: string;
  /** $1 and on: the id, and what else is asked for. */
  valuesOf(event: Event): readonly unknown[];
  write(row: Row, publicUrl: string): Readonly<Record<string, unknown>>;
}

export const objectSource = <Row extends object>({
  objectType,
  text,
  valuesOf,
  write,
}: Kind<Row>): ObjectSource => ({
  objectType,
  async read(pool, event, publicUrl) {
    const query = { name: `webhook_${objectType}`, text, values: [...valuesOf(event)] };
    const [row] = (await pool.query<Row>(query)).rows;
    return row ? write(row, publicUrl) : null;
  },
});

/** What everything in a project has. */
export interface HeadRow {
  readonly id: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
}

/** Selects a `HeadRow`. */
export const headOf = (table: string): string =>
  `${table}.id, ${table}.project_id AS "projectId", ${table}.mode`;

export const head = (objectType: string, typename: string, { id, projectId, mode }: HeadRow) => ({
  id: encodeGlobalID(typename, id),
  object_type: objectType,
  live_mode: mode === 'LIVE',
  project_id: encodeGlobalID('Project', projectId),
});

/** Unix seconds, as the seed has them. */
export const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
export const maybeSeconds = (at: Date | null): number | null => at && seconds(at);

export const decimal = (minorUnits: string | bigint, currency: string): string =>
  formatAmount({ minorUnits: BigInt(minorUnits), currency });
