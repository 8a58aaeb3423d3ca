import { DatabaseError, type Pool } from 'pg';
import type { Role } from '../../domain/access/actor.ts';
import type { EventPosition } from '../../domain/event/event.ts';
import type { Candidate, Chat, Person } from '../../domain/event/routing.ts';
import {
  RelayRowRefused,
  type EventRelayStore,
  type People,
  type RelayStep,
} from '../../usecases/ports/event-relay-store.ts';
import { auditRows, insertAudit } from './audit-insert.ts';
import { addDeliveryJobs } from './delivery-jobs.ts';

/** A lost job is looked for among the deliveries that have waited longest. */
const LOST_SEARCH = 5000;

/**
 * One statement, so that the relay's transaction, which holds back the readers of younger events, is as short as can
 * be. The cursor is the fence: of two relays at one place the second waits for the first one's row, finds it moved,
 * and so `moved` is empty and nothing is written.
 */
const ADVANCE = `
  WITH moved AS (
    UPDATE event_cursor SET txid = $3, seq = $4
    WHERE reader = 'relay' AND txid = $1 AND seq = $2 RETURNING reader
  ), notified AS (
    INSERT INTO notification (id, event_id, user_id, merchant_id, project_id, event_type, category, severity, data,
      created_at)
    SELECT n.id, event.id, n."userId", event.merchant_id, event.project_id, event.type, n.category, n.severity,
      event.data, $7::timestamptz
    FROM moved, jsonb_to_recordset($5::jsonb)
      AS n (id uuid, "eventId" uuid, "userId" uuid, category text, severity text)
    JOIN event ON event.id = n."eventId"
    ON CONFLICT (event_id, user_id) DO NOTHING
  ), written AS (
    INSERT INTO delivery (id, event_id, channel, target, user_id, next_attempt_at, created_at)
    SELECT d.id, d."eventId", d.channel, d.target, d."userId", $7::timestamptz, $7::timestamptz
    FROM moved, jsonb_to_recordset($6::jsonb)
      AS d (id uuid, "eventId" uuid, channel "Channel", target text, "userId" uuid)
    ON CONFLICT (event_id, channel, target) DO NOTHING
    RETURNING id
  ), audited AS (
    ${insertAudit('$8')}
  ), jobs AS (${addDeliveryJobs('written')})
  SELECT (SELECT count(*) FROM moved)::int AS moved, (SELECT count(*) FROM jobs)::int AS jobs`;

const REQUEUE = `
  WITH waiting AS (
    SELECT id FROM delivery WHERE status = 'PENDING' AND next_attempt_at < $1
    ORDER BY next_attempt_at LIMIT ${LOST_SEARCH}
  ), lost AS (
    SELECT id FROM waiting
    WHERE NOT EXISTS (
      SELECT FROM graphile_worker.jobs AS job
      WHERE job.key = waiting.id::text AND (job.locked_at IS NOT NULL OR job.attempts < job.max_attempts)
    )
  ), jobs AS (${addDeliveryJobs('lost')})
  SELECT count(*)::int AS jobs FROM jobs`;

/** The relay's rows on PostgreSQL. graphile-worker's tables must be there. */
export function createEventRelayStore(pool: Pool): EventRelayStore {
  return {
    cursor: async () => (await readCursor(pool)) ?? (await createCursor(pool)),
    people: (userIds, merchantIds) => loadPeople(pool, userIds, merchantIds),
    advance: (step) => advance(pool, step),
    requeueLost: async (dueBefore) => {
      const result = await pool.query<{ jobs: number }>({
        name: 'event_relay_requeue',
        text: REQUEUE,
        values: [dueBefore],
      });
      return result.rows[0]?.jobs ?? 0;
    },
  };
}

async function readCursor(pool: Pool): Promise<EventPosition | undefined> {
  const result = await pool.query<{ txid: string; seq: string }>({
    name: 'event_relay_cursor',
    text: `SELECT txid, seq FROM event_cursor WHERE reader = 'relay'`,
  });
  const row = result.rows[0];
  return row === undefined ? undefined : { txid: BigInt(row.txid), seq: BigInt(row.seq) };
}

async function createCursor(pool: Pool): Promise<EventPosition> {
  await pool.query(
    `INSERT INTO event_cursor (reader, txid, seq) VALUES ('relay', 0, 0) ON CONFLICT DO NOTHING`,
  );
  return (await readCursor(pool)) ?? { txid: 0n, seq: 0n };
}

async function advance(pool: Pool, step: RelayStep): Promise<boolean> {
  const { from, to, notifications, deliveries, audited, at } = step;
  const rows = [JSON.stringify(notifications), JSON.stringify(deliveries)];
  const values = [from.txid, from.seq, to.txid, to.seq, ...rows, at, await auditRows(pool, audited)];
  try {
    const result = await pool.query<{ moved: number }>({
      name: 'event_relay_advance',
      text: ADVANCE,
      values,
    });
    return result.rows[0]?.moved === 1;
  } catch (cause) {
    if (isDataFault(cause)) throw new RelayRowRefused('PostgreSQL refused a row of the relay', { cause });
    throw cause;
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint violation). */
const isDataFault = (fault: unknown): boolean =>
  fault instanceof DatabaseError && fault.code !== undefined && /^2[23]/.test(fault.code);

interface MemberRecord {
  readonly merchant_id: string;
  readonly user_id: string;
  readonly role: Role;
  readonly project_ids: readonly string[] | null;
  readonly closed_at: Date | null;
}

interface UserRecord {
  readonly id: string;
  readonly email: string;
  readonly confirmed: boolean;
}

interface ChatRecord {
  readonly user_id: string;
  readonly bot: Chat['bot'];
  readonly merchant_id: string | null;
  readonly chat_id: string;
}

async function loadPeople(
  pool: Pool,
  userIds: readonly string[],
  merchantIds: readonly string[],
): Promise<People> {
  if (userIds.length === 0 && merchantIds.length === 0) return { user: () => undefined, members: () => [] };
  const members = await pool.query<MemberRecord>({
    name: 'event_relay_members',
    text: `SELECT m.merchant_id, m.user_id, m.role, CASE WHEN m.restricted THEN m.project_ids END AS project_ids,
        merchant.closed_at
      FROM member m JOIN merchant ON merchant.id = m.merchant_id
      WHERE m.merchant_id = ANY($1::uuid[]) AND m.disabled_at IS NULL ORDER BY m.id`,
    values: [merchantIds],
  });
  const ids = [...new Set([...userIds, ...members.rows.map((member) => member.user_id)])];
  const users = await pool.query<UserRecord>({
    name: 'event_relay_users',
    text: `SELECT id, email, email_confirmed_at IS NOT NULL AS confirmed FROM "user" WHERE id = ANY($1::uuid[])`,
    values: [ids],
  });
  const chats = await pool.query<ChatRecord>({
    name: 'event_relay_chats',
    text: `SELECT user_id, bot, merchant_id, chat_id FROM telegram_link
      WHERE user_id = ANY($1::uuid[]) AND chat_id IS NOT NULL AND ended_at IS NULL ORDER BY id`,
    values: [ids],
  });
  return arrange(members.rows, users.rows, chats.rows);
}

function arrange(members: MemberRecord[], users: UserRecord[], chats: ChatRecord[]): People {
  const chatsOf = Map.groupBy(chats, (chat) => chat.user_id);
  const toChat = (chat: ChatRecord): Chat => ({
    bot: chat.bot,
    merchantId: chat.merchant_id,
    chatId: chat.chat_id,
  });
  const people = new Map(
    users.map(({ id, email, confirmed }): [string, Person] => [
      id,
      { userId: id, email, emailConfirmed: confirmed, chats: (chatsOf.get(id) ?? []).map(toChat) },
    ]),
  );
  const membersOf = Map.groupBy(members, (member) => member.merchant_id);
  const toCandidate = ({ user_id, role, project_ids, closed_at }: MemberRecord): Candidate[] => {
    const person = people.get(user_id);
    const member = { role, projectIds: project_ids, closedAt: closed_at };
    return person === undefined ? [] : [{ person, member }];
  };
  return {
    user: (userId) => people.get(userId),
    members: (merchantId) => (membersOf.get(merchantId) ?? []).flatMap(toCandidate),
  };
}
