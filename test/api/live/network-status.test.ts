import { describe, expect, test } from 'vitest';
import * as operations from '../../../src/generated/documents.ts';
import { endingCodes } from '../../testkit/live-clients.ts';
import { openOperator } from '../../testkit/operator.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { ADDRESSES_ONLY } from '../static-wallets/wallet-shop.ts';
import { next, takeUntil, TRANSPORTS } from './live-shop.ts';

const kit = usePlatform({ env: { ...ADDRESSES_ONLY, ROLES: 'api' } });

const tell = (height: number) =>
  kit.database.pool.query(
    `INSERT INTO chain_status (network, height, updated_at) VALUES ('ETHEREUM', $1, now())
     ON CONFLICT (network) DO UPDATE SET height = $1, updated_at = now()`,
    [height],
  );

describe.each(TRANSPORTS)('over %s', (_transport, connect) => {
  test('operators are told how the networks stand, at once and after a change', async () => {
    await tell(7);
    const { token } = await openOperator(kit.platform, kit.database, 'SUPPORT');
    const follow = () =>
      connect(kit.platform.url, token).iterate(operations.NetworkStatusUpdatedDocument, {});
    const told = (stream: ReturnType<typeof follow>, height: string) =>
      takeUntil(stream, ({ networkStatusUpdated: [network] }) => network?.height === height);
    const first = follow();
    await told(first, '7');
    // Over WebSocket it shares the execution of the first, and is told at once all the same.
    const second = follow();
    await told(second, '7');
    await tell(8);
    await Promise.all([told(first, '8'), told(second, '8')]);
  });

  test('an operator without the right, and an operator no more, are turned away', async () => {
    const moderator = await openOperator(kit.platform, kit.database, 'MODERATOR');
    const support = await openOperator(kit.platform, kit.database, 'SUPPORT');
    const shop = await openShop(kit, `${crypto.randomUUID()}@shop.example`);
    const follow = (secret: string) =>
      connect(kit.platform.url, secret).iterate(operations.NetworkStatusUpdatedDocument, {});
    for (const secret of [moderator.token, shop.sessionToken, shop.testKey])
      expect(await endingCodes(follow(secret))).toEqual(['FORBIDDEN']);
    const stream = follow(support.token);
    await next(stream);
    await kit.database.pool.query('UPDATE operator SET disabled_at = now() WHERE user_id = $1', [
      support.userId,
    ]);
    const ended = endingCodes(stream).catch(({ code }: { code?: unknown }) => [code]);
    await tell(Math.floor(Math.random() * 1e6) + 10);
    expect([['FORBIDDEN'], [4403]]).toContainEqual(await ended);
  });
});
