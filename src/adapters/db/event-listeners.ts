import type { Pool } from 'pg';
import type { Role } from '../../domain/access/actor.ts';
import type { OperatorRole } from '../../domain/access/rights.ts';
import type { EventCategory, PersonalChannel } from '../../domain/event/event-row.ts';
import type { Candidate, Chat, Person } from '../../domain/event/routing.ts';
import {
  DEFAULT_SETTINGS,
  type NotificationSettings,
} from '../../domain/notification/notification-settings.ts';
import type { Preference } from '../../domain/notification/preferences.ts';
import type { ListeningEndpoint } from '../../domain/webhook/webhook-endpoint.ts';
import type { Listeners, ListenersWanted } from '../../usecases/ports/event-relay-store.ts';

const MEMBERS = `
  SELECT m.merchant_id, m.user_id, m.role, CASE WHEN m.restricted THEN m.project_ids END AS project_ids,
    merchant.closed_at
  FROM member m JOIN merchant ON merchant.id = m.merchant_id
  WHERE m.merchant_id = ANY($1::uuid[]) AND m.disabled_at IS NULL ORDER BY m.id`;

const OPERATORS = 'SELECT user_id, role FROM operator WHERE disabled_at IS NULL ORDER BY user_id';

const PEOPLE = `
  SELECT u.id, u.email, u.email_confirmed_at IS NOT NULL AS confirmed,
    EXISTS (SELECT FROM email_bounce b WHERE b.email_key = u.email_key) AS bounced,
    s.time_zone, s.quiet_from, s.quiet_to, s.digest_seconds,
    (SELECT json_agg(json_build_object('projectId', p.project_id, 'category', p.category, 'channel', p.channel,
      'enabled', p.enabled)) FROM notification_preference p WHERE p.user_id = u.id) AS preferences
  FROM "user" u LEFT JOIN notification_settings s ON s.user_id = u.id
  WHERE u.id = ANY($1::uuid[])`;

const CHATS = `
  SELECT user_id, bot, merchant_id, chat_id, muted_until FROM telegram_link
  WHERE user_id = ANY($1::uuid[]) AND chat_id IS NOT NULL AND ended_at IS NULL ORDER BY id`;

const ENDPOINTS = `
  SELECT e.id, e.project_id AS "projectId", e.mode, e.types, merchant.closed_at AS "closedAt"
  FROM webhook_endpoint e JOIN merchant ON merchant.id = e.merchant_id
  WHERE e.project_id = ANY($1::uuid[]) AND e.status = 'ENABLED' AND e.deleted_at IS NULL ORDER BY e.id`;

interface MemberRecord {
  readonly merchant_id: string;
  readonly user_id: string;
  readonly role: Role;
  readonly project_ids: readonly string[] | null;
  readonly closed_at: Date | null;
}

interface OperatorRecord {
  readonly user_id: string;
  readonly role: OperatorRole;
}

interface PersonRecord {
  readonly id: string;
  readonly email: string;
  readonly confirmed: boolean;
  readonly bounced: boolean;
  readonly time_zone: string | null;
  readonly quiet_from: number | null;
  readonly quiet_to: number | null;
  /** Null for who chose nothing. */
  readonly digest_seconds: number | null;
  readonly preferences:
    | readonly {
        readonly projectId: string | null;
        readonly category: EventCategory | null;
        readonly channel: PersonalChannel;
        readonly enabled: boolean;
      }[]
    | null;
}

interface ChatRecord {
  readonly user_id: string;
  readonly bot: Chat['bot'];
  readonly merchant_id: string | null;
  readonly chat_id: string;
  readonly muted_until: Date | null;
}

/** The people and endpoints of a batch of events: five statements at most. */
export async function loadListeners(
  pool: Pool,
  { userIds, merchantIds, projectIds, ...wanted }: ListenersWanted,
): Promise<Listeners> {
  const ask = async <Row extends object>(
    name: string,
    text: string,
    ids: readonly string[],
  ): Promise<Row[]> => (ids.length === 0 ? [] : (await pool.query<Row>({ name, text, values: [ids] })).rows);
  const [members, endpoints, operators] = await Promise.all([
    ask<MemberRecord>('event_relay_members', MEMBERS, merchantIds),
    ask<ListeningEndpoint>('event_relay_endpoints', ENDPOINTS, projectIds),
    wanted.operators ? readOperators(pool) : [],
  ]);
  const ids = [...new Set([...userIds, ...[...members, ...operators].map(({ user_id }) => user_id)])];
  const [people, chats] = await Promise.all([
    ask<PersonRecord>('event_relay_people', PEOPLE, ids),
    ask<ChatRecord>('event_relay_chats', CHATS, ids),
  ]);
  return arrange(members, operators, people, chats, endpoints);
}

const readOperators = async (pool: Pool): Promise<OperatorRecord[]> =>
  (await pool.query<OperatorRecord>({ name: 'event_relay_operators', text: OPERATORS })).rows;

function arrange(
  members: readonly MemberRecord[],
  operators: readonly OperatorRecord[],
  records: readonly PersonRecord[],
  chats: readonly ChatRecord[],
  endpoints: readonly ListeningEndpoint[],
): Listeners {
  const chatsOf = Map.groupBy(chats, (chat) => chat.user_id);
  const people = new Map(
    records.map((record) => [record.id, toPerson(record, chatsOf.get(record.id) ?? [])]),
  );
  const membersOf = Map.groupBy(members, (member) => member.merchant_id);
  const endpointsOf = Map.groupBy(endpoints, (endpoint) => endpoint.projectId);
  const toCandidate = ({ user_id, role, project_ids, closed_at }: MemberRecord): Candidate[] => {
    const person = people.get(user_id);
    const member = { role, projectIds: project_ids, closedAt: closed_at };
    return person === undefined ? [] : [{ person, member }];
  };
  return {
    user: (userId) => people.get(userId),
    members: (merchantId) => (membersOf.get(merchantId) ?? []).flatMap(toCandidate),
    operators: () =>
      operators.flatMap(({ user_id, role }): Candidate[] => {
        const person = people.get(user_id);
        return person === undefined ? [] : [{ person, member: null, operator: role }];
      }),
    endpoints: (projectId) => endpointsOf.get(projectId) ?? [],
  };
}

const toPerson = (record: PersonRecord, chats: readonly ChatRecord[]): Person => ({
  userId: record.id,
  email: record.email,
  emailConfirmed: record.confirmed,
  emailBounced: record.bounced,
  chats: chats.map((chat) => ({
    bot: chat.bot,
    merchantId: chat.merchant_id,
    chatId: chat.chat_id,
    mutedUntil: chat.muted_until,
  })),
  preferences: (record.preferences ?? []) satisfies readonly Preference[],
  settings: settingsOf(record),
});

function settingsOf({ digest_seconds, quiet_from, quiet_to, time_zone }: PersonRecord): NotificationSettings {
  if (digest_seconds === null) return DEFAULT_SETTINGS;
  const quiet =
    quiet_from === null || quiet_to === null ? null : { from: quiet_from, to: quiet_to, timeZone: time_zone };
  return { quiet, digestSeconds: digest_seconds };
}
