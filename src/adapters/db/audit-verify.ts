import type { ClientBase } from 'pg';
import { UNAUDITED_TYPES } from '../../domain/event/catalogue.ts';
import { AUDIT_ROOT, auditContent, auditHash, type AuditRecord } from './audit-chain.ts';

/** A place where the audit log is not what it was written as. */
export interface AuditFault {
  /** The entry, or null where one is missing. */
  readonly number: bigint | null;
  readonly eventId: string;
  readonly what: string;
}

export interface AuditAnchor {
  readonly number: bigint;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

export interface AuditReport {
  readonly entries: number;
  /** The last entry: noted elsewhere, it shows later that nothing before it was written anew. */
  readonly head: AuditAnchor | null;
  /** Events whose entries the relay has not written yet. */
  readonly waiting: number;
  /** At most 100. */
  readonly faults: readonly AuditFault[];
}

const PAGE = 1000;
const MAX_FAULTS = 100;

/** The events are the second witness: what is copied from them must be equal, compared by the database. */
const ENTRIES = `
  SELECT a.*, event.id IS NOT NULL AS has_event,
    (event.type, event.merchant_id, event.project_id, event.actor, event.subject_type, event.subject_id, event.data,
      event.occurred_at) IS NOT DISTINCT FROM (a.type, a.merchant_id, a.project_id, a.actor, a.subject_type,
      a.subject_id, a.data, a.occurred_at) AS equals_event
  FROM audit_entry a LEFT JOIN event ON event.id = a.event_id
  WHERE a.number > $1 ORDER BY a.number LIMIT ${PAGE}`;

/** What the relay has passed since the log began, and what it has yet to read. */
const MISSING = `
  SELECT event.id, event.type FROM event
  LEFT JOIN audit_entry ON audit_entry.event_id = event.id
  LEFT JOIN event_cursor relay ON relay.reader = 'relay'
  LEFT JOIN event_cursor start ON start.reader = 'audit_start'
  WHERE audit_entry.number IS NULL AND event.type <> ALL($1::text[])
    AND (event.txid, event.seq) <= (relay.txid, relay.seq)
    AND (start.reader IS NULL OR (event.txid, event.seq) > (start.txid, start.seq))
  ORDER BY event.txid, event.seq LIMIT ${MAX_FAULTS}`;

const WAITING = `
  SELECT count(*)::int AS count FROM event LEFT JOIN event_cursor relay ON relay.reader = 'relay'
  WHERE event.type <> ALL($1::text[])
    AND (relay.reader IS NULL OR (event.txid, event.seq) > (relay.txid, relay.seq))`;

interface EntryRecord extends AuditRecord {
  readonly has_event: boolean;
  readonly equals_event: boolean;
}

/**
 * Checks the whole audit log in one snapshot, beside a running gateway: numbers without gap, the chain of hashes, each
 * entry against its event, and each audited event against its entry.
 *
 * @param expected a head that was noted before: the entry of that number must still have that hash
 */
export async function verifyAudit(client: ClientBase, expected: AuditAnchor | null): Promise<AuditReport> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const faults: AuditFault[] = [];
    const chain = await walkChain(client, expected, (fault) => void faults.push(fault));
    if (expected !== null && (chain.head === null || chain.head.number < expected.number)) {
      faults.push({ number: expected.number, eventId: '-', what: 'the expected entry is not there' });
    }
    const missing = await client.query<{ id: string; type: string }>(MISSING, [UNAUDITED_TYPES]);
    for (const { id, type } of missing.rows)
      faults.push({ number: null, eventId: id, what: `the event ${type} has no entry` });
    const waiting = await client.query<{ count: number }>(WAITING, [UNAUDITED_TYPES]);
    return { ...chain, waiting: waiting.rows[0]?.count ?? 0, faults: faults.slice(0, MAX_FAULTS) };
  } finally {
    await client.query('ROLLBACK');
  }
}

async function walkChain(
  client: ClientBase,
  expected: AuditAnchor | null,
  report: (fault: AuditFault) => void,
): Promise<Pick<AuditReport, 'entries' | 'head'>> {
  let entries = 0;
  let number = 0n;
  let hash = AUDIT_ROOT;
  for (;;) {
    const { rows } = await client.query<EntryRecord>(ENTRIES, [number]);
    for (const row of rows) {
      for (const what of faultsOf(row, number, hash, expected))
        report({ number: BigInt(row.number), eventId: row.event_id, what });
      // From here on with what stands there: one changed entry is told once and not with all that follow.
      number = BigInt(row.number);
      hash = row.hash;
    }
    entries += rows.length;
    if (rows.length < PAGE) {
      return { entries, head: entries === 0 ? null : { number, hash: Buffer.from(hash).toString('hex') } };
    }
  }
}

function faultsOf(
  row: EntryRecord,
  previous: bigint,
  previousHash: Uint8Array,
  expected: AuditAnchor | null,
): string[] {
  const number = BigInt(row.number);
  const stored = Buffer.from(row.hash).toString('hex');
  const computed = Buffer.from(auditHash(previousHash, number, auditContent(row))).toString('hex');
  return [
    ...(number === previous + 1n ? [] : [`entries are missing before it: the last one is ${previous}`]),
    ...(computed === stored ? [] : ['its hash does not fit its content and the entry before it']),
    ...(row.has_event ? [] : ['its event is not there']),
    ...(!row.has_event || row.equals_event ? [] : ['it differs from its event']),
    ...(expected?.number === number && expected.hash !== stored ? ['its hash is not the expected one'] : []),
  ];
}
