import type { PersonalChannel } from '../../domain/event/event-row.ts';
import type { Hearing } from '../../domain/notification/hearing.ts';

/** Where a delivery stands in the lists, which go from the newest to the oldest. */
export interface DeliveryPlace {
  readonly createdAt: Date;
  readonly id: string;
}

export interface DeliveryPageQuery {
  /** The person's own; null: everybody's that did not arrive. */
  readonly hearing: Hearing | null;
  readonly channel?: PersonalChannel;
  readonly status?: 'PENDING' | 'SENT' | 'FAILED' | 'UNKNOWN';
  readonly type?: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly after: DeliveryPlace | null;
  readonly before: DeliveryPlace | null;
  readonly limit: number;
  readonly fromEnd: boolean;
}

/** Reads of the messages to people (FEATURES N8). */
export interface DeliveryReads {
  /** Ids in the order in which the list was walked. */
  page(query: DeliveryPageQuery): Promise<readonly string[]>;
}
