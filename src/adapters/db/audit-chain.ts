import { createHash } from 'node:crypto';
import { auditText, type AuditContent } from '../../domain/event/audit.ts';
import type { EventActor, EventData } from '../../domain/event/event.ts';

/** What the first entry stands behind. */
export const AUDIT_ROOT: Uint8Array = new Uint8Array(32);

/** SHA-256 over the hash of the entry before and the text of this one: no row can change without all behind it. */
export const auditHash = (previous: Uint8Array, number: bigint, content: AuditContent): Uint8Array =>
  createHash('sha256').update(previous).update(auditText(number, content), 'utf8').digest();

/** A row of `audit_entry` as pg gives it: int8 comes as text. */
export interface AuditRecord {
  readonly number: string;
  readonly event_id: string;
  readonly type: string;
  readonly user_id: string | null;
  readonly merchant_id: string | null;
  readonly project_id: string | null;
  readonly actor: EventActor;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly data: EventData;
  readonly ip: string | null;
  readonly device: string | null;
  readonly occurred_at: Date;
  readonly hash: Uint8Array;
}

export const auditContent = (row: Omit<AuditRecord, 'number' | 'hash'>): AuditContent => ({
  eventId: row.event_id,
  type: row.type,
  userId: row.user_id,
  merchantId: row.merchant_id,
  projectId: row.project_id,
  actor: row.actor,
  subjectType: row.subject_type,
  subjectId: row.subject_id,
  data: row.data,
  ip: row.ip,
  device: row.device,
  occurredAt: row.occurred_at,
});
