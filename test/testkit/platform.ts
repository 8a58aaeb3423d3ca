import { afterAll, beforeAll } from 'vitest';
import type { DemoSeed } from '../../src/demo/import-seed.ts';
import { startPlatform, type Platform } from '../../src/demo/platform.ts';
import { startLocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { carries } from '../../src/domain/chain/networks.ts';
import type { Overrides } from '../../src/server/gateway.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface TestPlatform {
  readonly platform: Platform;
  readonly database: TestDatabase;
}

/**
 * A gateway on a database of the test file's own; started before its tests, stopped after them. Without networks it takes
 * payouts over all of them, though nobody sends them.
 */
export function usePlatform(
  options: {
    readonly chain?: boolean;
    /** Adds to the chain's entry in NETWORKS. */
    readonly network?: Readonly<Record<string, unknown>>;
    /** The chain's own unless said. */
    readonly seeds?: readonly DemoSeed[];
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
      ...(options.network ? { network: options.network } : {}),
      ...(options.seeds ? { seeds: options.seeds } : {}),
      env: { NODE_ENV: 'test', DATABASE_URL: running.database.url, LOG_LEVEL: 'error', ...options.env },
      overrides: {
        ...(chain || options.env?.['NETWORKS'] ? {} : { canSend: carries }),
        ...options.overrides,
      },
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
