import { afterAll, beforeAll } from 'vitest';
import { startPlatform, type Platform } from '../../src/demo/platform.ts';
import { startLocalChain } from '../../src/demo/local-chain/local-chain.ts';
import type { Overrides } from '../../src/server/gateway.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface TestPlatform {
  readonly platform: Platform;
  readonly database: TestDatabase;
}

/** A gateway on a database of the test file's own; started before its tests, stopped after them. */
export function usePlatform(
  options: {
    readonly chain?: boolean;
    readonly env?: Record<string, string>;
    readonly overrides?: Overrides;
  } = {},
): TestPlatform {
  const running: { database?: TestDatabase; platform?: Platform } = {};

  beforeAll(async () => {
    running.database = await createTestDatabase();
    const chain = options.chain ? await startLocalChain() : undefined;
    running.platform = await startPlatform({
      ...(chain ? { chain } : {}),
      env: { NODE_ENV: 'test', DATABASE_URL: running.database.url, LOG_LEVEL: 'error', ...options.env },
      ...(options.overrides ? { overrides: options.overrides } : {}),
    });
  });
  afterAll(async () => {
    await running.platform?.stop();
    await running.platform?.chain?.stop();
    await running.database?.drop();
  });

  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the platform is there only inside tests');
    return part;
  };
  return {
    get platform() {
      return started(running.platform);
    },
    get database() {
      return started(running.database);
    },
  };
}
