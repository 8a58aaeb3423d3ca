import { loadConfig } from '../config/config.ts';
import { startGateway, type Gateway, type Overrides } from '../server/gateway.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { startBotApi, type BotApiDouble } from './doubles/bot-api.ts';
import { startSmsApi, type SmsApiDouble } from './doubles/sms-api.ts';
import { startSmtpCatcher, type SmtpCatcher } from './doubles/smtp-catcher.ts';
import { importSeed, type DemoSeed } from './import-seed.ts';
import { MERCHANT_MNEMONIC, type LocalChain } from './local-chain/local-chain.ts';

/** The tokens of the two bots at the Bot API double; they open nothing anywhere else. */
export const INFO_BOT_TOKEN = '7000:bot-of-the-local-double-info-000000';
export const MERCHANT_BOT_TOKEN = '7001:bot-of-the-local-double-merchant-00';

/** The account at the SMS double; it opens nothing anywhere else. */
export const SMS_ACCOUNT_SID = 'ACoftheLocalDouble';
export const SMS_AUTH_TOKEN = 'password-of-the-local-sms-double';

/** Blocks until a payment counts on the local chain. */
export const LOCAL_CONFIRMATIONS = 3;
const LOCAL_POLL_MS = 200;
const LOCAL_NETWORK = 'ETHEREUM';

export interface Surroundings {
  readonly mail: SmtpCatcher;
  readonly sms: SmsApiDouble;
  readonly bots: BotApiDouble;
  /** Null where no payment over a chain is needed. */
  readonly chain: LocalChain | null;
  /** The environment that points a gateway to them. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The doubles that stand for the outside world: an SMTP server, an SMS service and a Bot API. The chain is the caller's. */
export async function startSurroundings(
  chain: LocalChain | null,
  network: Readonly<Record<string, unknown>> = {},
): Promise<Surroundings> {
  const mail = await startSmtpCatcher();
  const sms = await startSmsApi({ accountSid: SMS_ACCOUNT_SID, authToken: SMS_AUTH_TOKEN });
  const bots = await startBotApi({
    bots: { [INFO_BOT_TOKEN]: 'paybell_info_bot', [MERCHANT_BOT_TOKEN]: 'paybell_merchant_bot' },
  });
  return {
    mail,
    sms,
    bots,
    chain,
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      SMTP_URL: mail.url,
      MAIL_FROM: 'Paybell <bell@paybell.example>',
      SMS_API_ROOT: sms.apiRoot,
      SMS_ACCOUNT_SID,
      SMS_AUTH_TOKEN,
      SMS_FROM: '+12025550100',
      TELEGRAM_API_ROOT: bots.apiRoot,
      INFO_BOT_TOKEN,
      INFO_BOT_USERNAME: 'paybell_info_bot',
      MERCHANT_BOT_TOKEN,
      MERCHANT_BOT_USERNAME: 'paybell_merchant_bot',
      ...(chain ? { NETWORKS: JSON.stringify([{ ...localNetwork(chain), ...network }]) } : {}),
    },
    async stop() {
      await Promise.all([mail.stop(), sms.stop(), bots.stop()]);
    },
  };
}

const localNetwork = (chain: LocalChain) => ({
  network: LOCAL_NETWORK,
  rpcUrl: chain.rpcUrl,
  chainId: chain.chainId,
  confirmations: LOCAL_CONFIRMATIONS,
  xpub: chain.xpub,
  pollIntervalMs: LOCAL_POLL_MS,
  contracts: { USDT: chain.usdt },
});

export interface Platform extends Surroundings {
  readonly gateway: Gateway;
  readonly url: string;
  readonly api: ApiClient;
}

/**
 * A whole gateway in this process, with its surroundings. `env` adds to what points to them. It signs with the chain's own
 * seed, and with those that are named.
 */
export async function startPlatform(options: {
  readonly chain?: LocalChain;
  /** Adds to the chain's entry in NETWORKS. */
  readonly network?: Readonly<Record<string, unknown>>;
  readonly seeds?: readonly DemoSeed[];
  readonly env: Readonly<Record<string, string>>;
  readonly overrides?: Overrides;
}): Promise<Platform> {
  const { chain = null, network, env, overrides } = options;
  const surroundings = await startSurroundings(chain, network);
  const config = loadConfig({ ...surroundings.env, ...env });
  const seeds = options.seeds ?? (chain ? [{ network: LOCAL_NETWORK, mnemonic: MERCHANT_MNEMONIC }] : []);
  const gateway = await startGateway(config, overrides).catch(async (error: unknown) => {
    await surroundings.stop();
    throw error;
  });
  for (const seed of seeds) await importSeed(seed, config, gateway.databaseUrl);
  return {
    ...surroundings,
    gateway,
    url: gateway.url,
    api: createApiClient(gateway.url),
    async stop() {
      await gateway.stop();
      await surroundings.stop();
    },
  };
}
