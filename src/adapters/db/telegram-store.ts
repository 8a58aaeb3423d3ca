import type { Pool, QueryResultRow } from 'pg';
import type { BotKind, ConnectedLink, TelegramStore } from '../../usecases/ports/telegram-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const CREATE_LINK = `
  INSERT INTO telegram_link (id, bot, user_id, merchant_id, token_hash, token_expires_at, created_at)
  VALUES ($1, $2::"Bot", $3, $4, $5, $6, $7)`;

const OPEN_LINK = `
  SELECT l.id, l.user_id, l.merchant_id, m.name AS merchant_name
  FROM telegram_link l LEFT JOIN merchant m ON m.id = l.merchant_id
  WHERE l.token_hash = $1 AND l.bot = $2::"Bot" AND l.connected_at IS NULL AND l.ended_at IS NULL
    AND l.token_expires_at > $3`;

/** Takes the link if nobody else has, ends an older link of the same chat to the same, and tells it. */
const CONNECT = `
  WITH connected AS (
    UPDATE telegram_link SET chat_id = $2::bigint, connected_at = $3
    WHERE id = $1 AND connected_at IS NULL AND ended_at IS NULL AND token_expires_at > $3
    RETURNING id, bot, user_id, merchant_id
  ), replaced AS (
    UPDATE telegram_link older SET ended_at = $3
    FROM connected c
    WHERE older.id <> c.id AND older.bot = c.bot AND older.user_id = c.user_id AND older.chat_id = $2::bigint
      AND older.merchant_id IS NOT DISTINCT FROM c.merchant_id AND older.ended_at IS NULL
  ), told AS (${insertEvents('$4', 'EXISTS (SELECT FROM connected)')})
  SELECT id FROM connected`;

const LAST_UPDATE = `SELECT update_id FROM telegram_cursor WHERE bot = $1::"Bot"`;

const UPDATE_HANDLED = `
  INSERT INTO telegram_cursor (bot, update_id) VALUES ($1::"Bot", $2)
  ON CONFLICT (bot) DO UPDATE SET update_id = excluded.update_id`;

interface OpenLinkRow extends QueryResultRow {
  readonly id: string;
  readonly user_id: string;
  readonly merchant_id: string | null;
  readonly merchant_name: string | null;
}

/** Links between people and Telegram chats, and how far the bots have read. */
export function createTelegramStore(pool: Pool): TelegramStore {
  const openLink = async (bot: BotKind, tokenHash: Uint8Array, at: Date): Promise<ConnectedLink | null> => {
    const { rows } = await pool.query<OpenLinkRow>({
      name: 'telegram_open_link',
      text: OPEN_LINK,
      values: [Buffer.from(tokenHash), bot, at],
    });
    const [row] = rows;
    if (!row) return null;
    return {
      linkId: row.id,
      userId: row.user_id,
      merchantId: row.merchant_id,
      merchantName: row.merchant_name,
    };
  };

  return {
    async createLink(link) {
      const { id, bot, userId, merchantId, tokenHash, tokenExpiresAt, createdAt } = link;
      const values = [id, bot, userId, merchantId, Buffer.from(tokenHash), tokenExpiresAt, createdAt];
      await pool.query({ name: 'telegram_create_link', text: CREATE_LINK, values });
    },

    async connect(bot, tokenHash, chatId, at, eventFor) {
      const link = await openLink(bot, tokenHash, at);
      if (!link) return null;
      const values = [link.linkId, chatId, at, eventRows([eventFor(link)])];
      const { rowCount } = await pool.query({ name: 'telegram_connect', text: CONNECT, values });
      return rowCount === 1 ? link : null;
    },

    async lastUpdate(bot) {
      const query = { name: 'telegram_last_update', text: LAST_UPDATE, values: [bot] };
      const { rows } = await pool.query<{ update_id: string }>(query);
      return Number(rows[0]?.update_id ?? 0);
    },

    async updateHandled(bot, updateId) {
      await pool.query({ name: 'telegram_update_handled', text: UPDATE_HANDLED, values: [bot, updateId] });
    },
  };
}
