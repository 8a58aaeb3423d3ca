import { expect, test } from 'vitest';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import { everythingTold } from '../testkit/facts.ts';
import { openShop } from '../testkit/open-shop.ts';
import { insertUser } from '../testkit/people.ts';
import { usePlatform } from '../testkit/platform.ts';

const kit = usePlatform();

/** A person who runs the gateway, straight into the tables. */
async function operator(email: string, role: string, disabledAt: Date | null = null): Promise<string> {
  const userId = await insertUser(kit.database.pool, email);
  await kit.database.pool.query(
    `INSERT INTO operator (user_id, role, created_at, disabled_at) VALUES ($1, $2::"OperatorRole", now(), $3)`,
    [userId, role, disabledAt],
  );
  return userId;
}

test('what is wrong with the custody is mailed to operators, whatever they switched off, and to nobody else', async () => {
  const { pool } = kit.database;
  await openShop(kit, 'owner@shop.example');
  const admin = await operator('admin@gateway.example', 'ADMIN');
  await operator('support@gateway.example', 'SUPPORT');
  await operator('moderator@gateway.example', 'MODERATOR');
  await operator('former@gateway.example', 'ADMIN', new Date());
  await pool.query(
    `INSERT INTO notification_preference (id, user_id, channel, enabled, updated_at) VALUES ($1, $2, 'EMAIL', false, now())`,
    [uuidSource.next(), admin],
  );
  await everythingTold(pool);
  const before = kit.platform.mail.mails.length;
  await pool.query(
    `INSERT INTO event (id, type, actor, subject_type, subject_id, data, occurred_at)
     VALUES ($1, 'custody.hot_wallet_short', '{"type":"SYSTEM","id":null}', 'CUSTODY', $1, $2, now())`,
    [uuidSource.next(), { network: 'POLYGON', asset: 'USDT', address: '0x5290', payoutId: 'p-1' }],
  );
  await everythingTold(pool);
  const mails = kit.platform.mail.mails.slice(before);
  expect(mails.flatMap(({ recipients }) => recipients).toSorted()).toEqual([
    'admin@gateway.example',
    'support@gateway.example',
  ]);
  for (const { parsed } of mails) {
    expect(parsed.subject).toBe('Hot wallet short: USDT');
    expect(parsed.text).toContain('0x5290');
    expect(parsed.text).not.toMatch(/https?:/);
    expect(parsed.headers.map(({ key }) => key)).not.toContain('list-unsubscribe');
  }
  const { rows } = await pool.query(
    'SELECT status::text, channel::text FROM delivery WHERE event_type = $1',
    ['custody.hot_wallet_short'],
  );
  expect(rows).toEqual(Array.from({ length: 2 }, () => ({ status: 'SENT', channel: 'EMAIL' })));
});
