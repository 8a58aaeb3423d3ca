import type { Pool } from 'pg';
import type { AuditDraft } from '../../domain/event/audit.ts';
import { isAfter } from '../../domain/event/event.ts';
import { AUDIT_ROOT, auditHash } from './audit-chain.ts';

/** The last entry with the place of its event. */
const HEAD = `
  SELECT entry.number, entry.hash, event.txid, event.seq
  FROM (SELECT number, hash, event_id FROM audit_entry ORDER BY number DESC LIMIT 1) AS entry
  LEFT JOIN event ON event.id = entry.event_id`;

interface HeadRecord {
  readonly number: string;
  readonly hash: Uint8Array;
  readonly txid: string | null;
  readonly seq: string | null;
}

/**
 * The next entries of the audit log as the jsonb text that `insertAudit` reads, numbered and chained to the last one.
 *
 * To be written by the statement that moves the relay's cursor and by no other: the cursor and the log move together,
 * so when the cursor still is where it was read, this last entry still is the last. What stands in the log already,
 * because the cursor was put back by hand, is left out.
 */
export async function auditRows(pool: Pool, drafts: readonly AuditDraft[]): Promise<string> {
  if (drafts.length === 0) return '[]';
  const { rows } = await pool.query<HeadRecord>({ name: 'audit_head', text: HEAD });
  const head = rows[0];
  let number = BigInt(head?.number ?? 0);
  let hash = head?.hash ?? AUDIT_ROOT;
  const last = head?.txid && head.seq ? { txid: BigInt(head.txid), seq: BigInt(head.seq) } : null;
  const entries = drafts
    .filter(({ position }) => last === null || isAfter(position, last))
    .map((draft) => {
      number += 1n;
      hash = auditHash(hash, number, draft);
      const { eventId, userId, ip, device } = draft;
      return { number: String(number), eventId, userId, ip, device, hash: Buffer.from(hash).toString('hex') };
    });
  return JSON.stringify(entries);
}

/**
 * The INSERT into the audit log, for a statement with a WITH branch `moved` that has a row when it may be written.
 * Everything but who, where from, and the seal is copied from the event itself.
 *
 * @param parameter where `auditRows` is bound, such as `$8`
 */
export const insertAudit = (parameter: `$${number}`): string => `
  INSERT INTO audit_entry (number, event_id, type, user_id, merchant_id, project_id, actor, subject_type, subject_id,
    data, ip, device, occurred_at, hash)
  SELECT a.number, event.id, event.type, a."userId", event.merchant_id, event.project_id, event.actor,
    event.subject_type, event.subject_id, event.data, a.ip, a.device, event.occurred_at, decode(a.hash, 'hex')
  FROM moved, jsonb_to_recordset(${parameter}::jsonb)
    AS a (number bigint, "eventId" uuid, "userId" uuid, ip text, device text, hash text)
  JOIN event ON event.id = a."eventId"`;
