import type { Pool, QueryResultRow } from 'pg';
import type {
  BotKind,
  ConnectedLink,
  EndedLinks,
  LiveLink,
  TelegramStore,
} from '../../usecases/ports/telegram-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const CREATE_LINK = `
  INSERT INTO telegram_link (id, bot, user_id, merchant_id, token_hash, token_expires_at, created_at)
  VALUES ($1, $2::"Bot", $3, $4, $5, $6, $7)`;

const LINK = `
  SELECT l.id AS "linkId", l.bot, l.user_id AS "userId", l.merchant_id AS "merchantId", m.name AS "merchantName"
  FROM telegram_link l LEFT JOIN merchant m ON m.id = l.merchant_id`;

const OPEN_LINK = `${LINK}
  WHERE l.token_hash = $1 AND l.bot = $2::"Bot" AND l.connected_at IS NULL AND l.ended_at IS NULL
    AND l.token_expires_at > $3`;

/** Takes the link if nobody else has, ends an older link of the same chat to the same, and tells it. */
const CONNECT = `
  WITH connected AS (
    UPDATE telegram_link SET chat_id = $2::bigint, connected_at = $3
    WHERE id = $1 AND connected_at IS NULL AND ended_at IS NULL AND token_expires_at > $3
    RETURNING id, bot, user_id, merchant_id
  ), replaced AS (
    UPDATE telegram_link older SET ended_at = $3, end_reason = 'REPLACED'
    FROM connected c
    WHERE older.id <> c.id AND older.bot = c.bot AND older.user_id = c.user_id AND older.chat_id = $2::bigint
      AND older.merchant_id IS NOT DISTINCT FROM c.merchant_id AND older.ended_at IS NULL
  ), told AS (${insertEvents('$4', 'EXISTS (SELECT FROM connected)')})
  SELECT id FROM connected`;

const LIVE = 'l.chat_id IS NOT NULL AND l.ended_at IS NULL';

const LINKS_OF_CHAT = `
  SELECT l.id AS "linkId", l.bot, l.user_id AS "userId", l.merchant_id AS "merchantId", m.name AS "merchantName",
    u.locale, l.muted_until AS "mutedUntil",
    (SELECT json_build_object('merchantId', member.merchant_id, 'role', member.role,
        'projectIds', CASE WHEN member.restricted THEN member.project_ids END)
      FROM member WHERE member.merchant_id = m.id AND member.user_id = l.user_id AND member.disabled_at IS NULL
        AND m.closed_at IS NULL) AS membership,
    EXISTS (SELECT FROM operator o WHERE o.user_id = l.user_id AND o.disabled_at IS NULL) AS "isOperator"
  FROM telegram_link l JOIN "user" u ON u.id = l.user_id LEFT JOIN merchant m ON m.id = l.merchant_id
  WHERE l.bot = $1::"Bot" AND l.chat_id = $2::bigint AND ${LIVE} ORDER BY l.connected_at, l.id`;

const END_LINKS = `
  WITH ended AS (
    UPDATE telegram_link SET ended_at = $2, end_reason = $3::"TelegramLinkEnd"
    WHERE id = ANY ($1::uuid[]) AND ended_at IS NULL RETURNING id
  ), told AS (${insertEvents('$4', 'e.subject_id IN (SELECT id FROM ended)')})
  SELECT id FROM ended`;

const MUTE = `
  UPDATE telegram_link l SET muted_until = $3 WHERE l.bot = $1::"Bot" AND l.chat_id = $2::bigint AND ${LIVE}`;

const SET_LANGUAGE = `
  UPDATE "user" SET locale = $3
  WHERE id IN (SELECT l.user_id FROM telegram_link l WHERE l.bot = $1::"Bot" AND l.chat_id = $2::bigint AND ${LIVE})`;

const CLAIM_UPDATE = `
  INSERT INTO telegram_update (bot, update_id, received_at) VALUES ($1::"Bot", $2, $3) ON CONFLICT DO NOTHING`;

/** Links between people and Telegram chats, and which updates have been handled. */
export function createTelegramStore(pool: Pool): TelegramStore {
  const read = async <Row extends QueryResultRow>(name: string, text: string, values: unknown[]) =>
    (await pool.query<Row>({ name, text, values })).rows;

  const endable = (which: EndedLinks): Promise<ConnectedLink[]> =>
    'chat' in which
      ? read<ConnectedLink>(
          'telegram_links_of_chat_before',
          `${LINK} WHERE l.bot = $1::"Bot" AND l.chat_id = $2::bigint AND ${LIVE} AND l.connected_at <= $3`,
          [which.chat.bot, which.chat.chatId, which.connectedBefore],
        )
      : read<ConnectedLink>('telegram_link_of', `${LINK} WHERE l.id = $1 AND l.user_id = $2 AND ${LIVE}`, [
          which.linkId,
          which.userId,
        ]);

  return {
    async createLink(link) {
      const { id, bot, userId, merchantId, tokenHash, tokenExpiresAt, createdAt } = link;
      const values = [id, bot, userId, merchantId, Buffer.from(tokenHash), tokenExpiresAt, createdAt];
      await pool.query({ name: 'telegram_create_link', text: CREATE_LINK, values });
    },

    async connect(bot: BotKind, tokenHash, chatId, at, eventFor) {
      const open = [Buffer.from(tokenHash), bot, at];
      const [link] = await read<ConnectedLink>('telegram_open_link', OPEN_LINK, open);
      if (!link) return null;
      const values = [link.linkId, chatId, at, eventRows([eventFor(link)])];
      return (await read('telegram_connect', CONNECT, values)).length === 1 ? link : null;
    },

    linksOf: ({ bot, chatId }) => read<LiveLink>('telegram_links_of_chat', LINKS_OF_CHAT, [bot, chatId]),

    async endLinks(which, { reason, at }, eventFor) {
      const links = await endable(which);
      if (links.length === 0) return [];
      const ids = links.map(({ linkId }) => linkId);
      const values = [ids, at, reason, eventRows(links.map(eventFor))];
      const ended = new Set(
        (await read<{ id: string }>('telegram_end_links', END_LINKS, values)).map(({ id }) => id),
      );
      return links.filter(({ linkId }) => ended.has(linkId));
    },

    async mute({ bot, chatId }, until) {
      await pool.query({ name: 'telegram_mute', text: MUTE, values: [bot, chatId, until] });
    },

    async setLanguage({ bot, chatId }, locale) {
      await pool.query({ name: 'telegram_set_language', text: SET_LANGUAGE, values: [bot, chatId, locale] });
    },

    async claimUpdate(bot, updateId, at) {
      const values = [bot, updateId, at];
      const { rowCount } = await pool.query({ name: 'telegram_claim_update', text: CLAIM_UPDATE, values });
      return rowCount === 1;
    },
  };
}
