import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { v7 } from 'uuid';
import type { Role } from '../../src/domain/access/actor.ts';

export async function addMerchant(pool: Pool): Promise<string> {
  const id = v7();
  await pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'PERSONAL', now())`,
    [id],
  );
  return id;
}

export interface TestPerson {
  readonly id: string;
  readonly email: string;
}

export async function addPerson(
  pool: Pool,
  options: {
    readonly confirmed?: boolean;
    readonly locale?: string;
    readonly member?: { merchantId: string; role: Role };
  } = {},
): Promise<TestPerson> {
  const { confirmed = true, locale = 'en', member } = options;
  const id = v7();
  const email = `p${id}@example.com`;
  await pool.query(
    `INSERT INTO "user" (id, email, email_key, password_hash, email_confirmed_at, locale, created_at)
     VALUES ($1, $2, $2, 'none', CASE WHEN $3 THEN now() END, $4, now())`,
    [id, email, confirmed, locale],
  );
  if (member !== undefined) {
    await pool.query(
      `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, $4::"Role", now())`,
      [v7(), member.merchantId, id, member.role],
    );
  }
  return { id, email };
}

let chats = 1_000;

/** Connects a new chat; returns its id. */
export async function addChat(
  pool: Pool,
  bot: 'INFO' | 'MERCHANT',
  userId: string,
  merchantId: string | null = null,
): Promise<string> {
  chats += 1;
  await pool.query(
    `INSERT INTO telegram_link
       (id, bot, user_id, merchant_id, chat_id, token_hash, token_expires_at, created_at, connected_at)
     VALUES ($1, $2::"Bot", $3, $4, $5, $6, now(), now(), now())`,
    [v7(), bot, userId, merchantId, chats, randomBytes(32)],
  );
  return String(chats);
}
