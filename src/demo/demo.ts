import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watchEvents } from './event-watcher.ts';
import { startLocalChain, type LocalChain } from './local-chain/local-chain.ts';
import { connectBots, openMerchant, signIn, type DemoMerchant } from './merchant.ts';
import { payInvoice } from './payment.ts';
import { payOutAndRefund } from './payout.ts';
import { startPlatform, type Platform } from './platform.ts';
import { say, sayWhatArrives } from './say.ts';
import { endSession } from './session-ending.ts';

/**
 * `npm run demo`: everything embedded, one invoice that is really paid, and a payout and a refund in TEST mode. `-- --exit`
 * ends it after them.
 */

const OWNER = 'ada@shop.example';
/** A chat of the Bot API double. */
const CHAT = 4_100_000_001;
const PORT = process.env['PORT'] ?? '4000';

const folder = mkdtempSync(path.join(tmpdir(), 'paybell-demo-'));
// PostgreSQL runs as another user when the demo runs as root, and enters the folder.
chmodSync(folder, 0o711);
const opened: { chain?: LocalChain; platform?: Platform } = {};

try {
  const { platform, merchant, secondSession } = await open();
  const stopWatching = await watchEvents(platform, merchant.liveKey);
  await payInvoice(platform, merchant);
  await payOutAndRefund(platform, merchant);
  await endSession(platform, secondSession);
  if (process.argv.includes('--exit')) {
    stopWatching();
    await close();
  } else {
    sayWhatToTry(platform, merchant);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
  }
} catch (error) {
  say('demo', `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exitCode = 1;
  await close();
}

async function open(): Promise<{ platform: Platform; merchant: DemoMerchant; secondSession: string }> {
  say('demo', 'starting a local EVM chain with a token that stands for Tether');
  const chain = await startLocalChain({ blockTimeSeconds: 1 });
  opened.chain = chain;
  say('demo', 'starting PostgreSQL, an SMTP server, a Telegram Bot API double and the gateway');
  const platform = await startPlatform({
    chain,
    env: {
      NODE_ENV: 'development',
      DATA_DIR: folder,
      LOG_LEVEL: 'warn',
      PORT: process.argv.includes('--exit') ? '0' : PORT,
    },
  });
  opened.platform = platform;
  say('demo', `the gateway answers at ${platform.url}`);
  sayWhatArrives(platform);
  const merchant = await openMerchant(platform, OWNER);
  await connectBots(platform, merchant, CHAT);
  say(
    'demo',
    'the owner signed up, confirmed, made a project with keys and connected both bots; signs in once more',
  );
  const secondSession = await signIn(platform, OWNER);
  return { platform, merchant, secondSession };
}

function sayWhatToTry({ url }: Platform, { liveKey, testKey, sessionToken }: DemoMerchant): void {
  process.stdout.write(`
The demo stays up until Ctrl+C. Try:

  GraphiQL       ${url}/graphql
                 with the header {"authorization": "Bearer ${testKey}"}
  live key       ${liveKey}
  owner session  ${sessionToken}
  health         ${url}/readyz     metrics  ${url}/metrics

  An invoice by curl:
    curl -s ${url}/graphql -u ${testKey}: -H 'content-type: application/json' \\
      -d '{"query":"mutation { invoiceCreate(input: {amount: \\"12.50\\", currency: USD}) { ... on Invoice { id status } } }"}'

`);
}

async function close(): Promise<void> {
  await opened.platform?.stop();
  await opened.chain?.stop();
  rmSync(folder, { recursive: true, force: true });
}
