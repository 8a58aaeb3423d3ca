import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTelegramStore } from '../../src/adapters/db/telegram-store.ts';
import { telegramChatBlocked } from '../../src/usecases/telegram/telegram-chat-blocked.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { uuids } from './bus-fixture.ts';
import { addChat, addMerchant, addPerson } from './merchant-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const HOUR = 3_600_000;
const now = new Date();
const ago = (hours: number) => new Date(now.getTime() - hours * HOUR);

const blocked = () => {
  const feed = { poke: () => undefined };
  const at = new Date(now.getTime() + HOUR);
  return telegramChatBlocked({
    telegram: createTelegramStore(db.pool),
    clock: { now: () => at },
    ids: uuids,
    feed,
  });
};

const linksOf = async (userId: string) =>
  (
    await db.pool.query(
      `SELECT chat_id AS chat, end_reason AS reason,
         (SELECT count(*)::int FROM event e WHERE e.subject_id = l.id AND e.type = 'telegram_link.blocked') AS told
       FROM telegram_link l WHERE user_id = $1 ORDER BY chat_id`,
      [userId],
    )
  ).rows;

test('a chat that is gone ends its links with that bot and no others, and tells each once', async () => {
  const person = await addPerson(db.pool);
  const chat = await addChat(db.pool, 'MERCHANT', person.id, await addMerchant(db.pool));
  const other = await addChat(db.pool, 'MERCHANT', person.id, await addMerchant(db.pool));
  await blocked()({ bot: 'INFO', chatId: chat });
  expect(await linksOf(person.id)).toEqual([
    { chat, reason: null, told: 0 },
    { chat: other, reason: null, told: 0 },
  ]);
  await Promise.all(Array.from({ length: 10 }, () => blocked()({ bot: 'MERCHANT', chatId: chat })));
  expect(await linksOf(person.id)).toEqual([
    { chat, reason: 'BLOCKED', told: 1 },
    { chat: other, reason: null, told: 0 },
  ]);
});

test('a refusal from before the person came back ends nothing', async () => {
  const person = await addPerson(db.pool);
  const chat = await addChat(db.pool, 'INFO', person.id);
  await blocked()({ bot: 'INFO', chatId: chat, seenAt: ago(1) });
  expect(await linksOf(person.id)).toEqual([{ chat, reason: null, told: 0 }]);
});

test('an update is claimed once, whoever asks', async () => {
  const stores = Array.from({ length: 10 }, () => createTelegramStore(db.pool));
  const claims = await Promise.all(stores.map((store) => store.claimUpdate('INFO', 77, now)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await createTelegramStore(db.pool).claimUpdate('MERCHANT', 77, now)).toBe(true);
});
