import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { startGateway } from '../../src/server/gateway.ts';
import { createEmptyDatabase } from '../testkit/database.ts';

test('production refuses to start on a database that lacks migrations', async () => {
  const database = await createEmptyDatabase();
  const config = loadConfig({
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    PUBLIC_URL: 'https://pay.shop.example',
    SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    SMTP_URL: 'smtp://127.0.0.1:1',
    LOG_LEVEL: 'silent',
    PORT: '0',
  });
  await expect(startGateway(config)).rejects.toThrow(/npm run migrate:deploy/);
  await database.drop();
});
