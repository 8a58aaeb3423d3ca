import type { Pool } from 'pg';
import { v7 } from 'uuid';
import type { EventType } from '../../../src/domain/event/catalogue.ts';
import type { NewEvent } from '../../../src/domain/event/event.ts';
import { newEvent, writeEvents } from '../../bus/bus-fixture.ts';
import { globalIdOf } from '../../testkit/facts.ts';

interface Told {
  readonly userId: string;
  readonly type?: EventType;
  readonly category?: string;
  readonly severity?: string;
  readonly merchantId?: string;
  readonly projectId?: string;
  readonly mode?: 'TEST' | 'LIVE';
  readonly at?: Date;
}

const INSERT = `
  INSERT INTO notification (id, event_id, user_id, merchant_id, project_id, mode, event_type, category, severity, data,
    created_at)
  VALUES ($1, $2, $3, $4, $5, $6::"Mode", $7, $8, $9, '{}', $10)`;

/** A notification straight in the table; gives its global id. */
export async function insertNotification(pool: Pool, told: Told): Promise<string> {
  const { userId, type = 'session.created', category = 'SECURITY', severity = 'WARNING' } = told;
  const id = v7();
  const place = [told.merchantId ?? null, told.projectId ?? null, told.mode ?? null];
  await pool.query(INSERT, [id, v7(), userId, ...place, type, category, severity, told.at ?? new Date()]);
  return globalIdOf('Notification', id);
}

/** Something happens, and the relay is told to look. */
export async function happen(pool: Pool, ...changes: Partial<NewEvent>[]): Promise<string[]> {
  const ids = await writeEvents(pool, ...changes.map((change) => newEvent(change)));
  await pool.query('NOTIFY paybell_event');
  return ids;
}

/** What a person is told of the own account. */
export const personal = (userId: string, type: EventType = 'user.password_changed'): Partial<NewEvent> => ({
  type,
  mode: null,
  subject: { type: 'USER', id: userId },
});
