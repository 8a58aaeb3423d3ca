import { dkimFaults } from './mail.ts';
import type { NetworkConfig } from './networks.ts';
import { productionRateFaults, rateFaults, ratesOf, type RatesConfig } from './rates.ts';
import type { Role } from './runtime.ts';
import { DEVELOPMENT_SECRET_KEY } from './secrets.ts';
import type { Variable } from './variable.ts';
import type { Values } from './variables.ts';
import { VARIABLES } from './variables.ts';

export interface SmsConfig {
  /** Without a slash at the end. */
  readonly apiRoot: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
}

export interface BotConfig {
  readonly token: string;
  readonly username: string;
}

export interface DkimConfig {
  readonly domain: string;
  readonly selector: string;
  /** An RSA key in PEM. */
  readonly privateKey: string;
}

/** What the environment says, read once (STYLE, habit 7). */
export interface Config {
  readonly environment: 'development' | 'test' | 'production';
  readonly roles: readonly Role[];
  readonly logLevel: Values['LOG_LEVEL'];
  readonly projectModeration: 'automatic' | 'manual';
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string;
    readonly trustedProxies: readonly string[];
    readonly allowedOrigins: readonly string[];
    /** 0 for no limit. */
    readonly connections: { readonly perAddress: number; readonly perAccount: number };
    readonly graphiql: boolean;
    readonly introspection: boolean;
  };
  /** Without a URL the embedded PostgreSQL runs in `dataDir`. */
  readonly database: { readonly url: string | null; readonly dataDir: string; readonly poolSize: number };
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
  /** Former secret keys: they open, and seal nothing new. */
  readonly previousSecretKeys: readonly Uint8Array[];
  readonly mail: {
    readonly smtpUrl: string | null;
    readonly from: string;
    /** Null where the mail server signs. */
    readonly dkim: DkimConfig | null;
  };
  /** Null without an SMS service. */
  readonly sms: SmsConfig | null;
  readonly telegram: {
    readonly apiRoot: string;
    readonly infoBot: BotConfig | null;
    readonly merchantBot: BotConfig | null;
    readonly updates: 'polling' | 'webhook';
  };
  readonly webhooks: {
    /** Of one attempt. */
    readonly timeoutSeconds: number;
    readonly allowHttp: boolean;
    /** Private addresses and names too. */
    readonly allowPrivate: boolean;
  };
  readonly networks: readonly NetworkConfig[];
  readonly rates: RatesConfig;
}

/** Everything that is wrong with the environment, in one error. Values are not repeated: they may be secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n- ${faults.join('\n- ')}`,
    );
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment. Throws ConfigError with every fault there is. */
export function loadConfig(env: Environment): Config {
  const texts = Object.fromEntries(
    Object.keys(VARIABLES).map((name) => [name, env[name]?.trim() || undefined]),
  );
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, { schema }] of Object.entries<Variable<unknown>>(VARIABLES)) {
    const read = schema.safeParse(texts[name]);
    if (read.success) values[name] = read.data;
    else
      faults.push(
        ...read.error.issues.map((issue) => `${[name, ...issue.path].join('.')}: ${issue.message}`),
      );
  }
  faults.push(...botFaults(texts), ...smsFaults(texts), ...dkimFaults(texts), ...rateFaults(texts));
  faults.push(...(texts['NODE_ENV'] === 'production' ? productionFaults(texts) : []));
  if (faults.length > 0) throw new ConfigError(faults);
  // Without faults every variable was read by its own schema.
  return shape(values as Values);
}

const botFaults = (texts: Environment): string[] =>
  ['INFO_BOT', 'MERCHANT_BOT']
    .filter((bot) => texts[`${bot}_TOKEN`] && !texts[`${bot}_USERNAME`])
    .map((bot) => `${bot}_USERNAME: must be set with ${bot}_TOKEN`);

const SMS_VARIABLES = ['SMS_API_ROOT', 'SMS_ACCOUNT_SID', 'SMS_AUTH_TOKEN', 'SMS_FROM'] as const;

function smsFaults(texts: Environment): string[] {
  const missing = SMS_VARIABLES.filter((name) => texts[name] === undefined);
  if (missing.length === SMS_VARIABLES.length) return [];
  return missing.map((name) => `${name}: must be set with the other variables of SMS`);
}

/** What is good enough to try Paybell, and not for other people's money. */
function productionFaults(texts: Environment): string[] {
  const faults = Object.entries<Variable<unknown>>(VARIABLES)
    .filter(([name, { requiredInProduction }]) => requiredInProduction && texts[name] === undefined)
    .map(([name]) => `${name}: must be set in production`);
  if (texts['PUBLIC_URL']?.startsWith('http:')) faults.push('PUBLIC_URL: must be https in production');
  if (texts['SECRET_KEY'] === DEVELOPMENT_SECRET_KEY) faults.push('SECRET_KEY: is the known development key');
  if (texts['SMS_API_ROOT']?.startsWith('http:')) faults.push('SMS_API_ROOT: must be https in production');
  if (texts['WEBHOOK_ALLOW_PRIVATE'] === 'true')
    faults.push('WEBHOOK_ALLOW_PRIVATE: lets strangers reach your network; production refuses it');
  return [...faults, ...productionRateFaults(texts)];
}

function shape(read: Values): Config {
  const isProduction = read.NODE_ENV === 'production';
  return {
    environment: read.NODE_ENV,
    roles: read.ROLES,
    logLevel: read.LOG_LEVEL,
    projectModeration: read.PROJECT_MODERATION,
    http: {
      host: read.HOST,
      port: read.PORT,
      publicUrl: read.PUBLIC_URL,
      trustedProxies: read.TRUSTED_PROXIES,
      allowedOrigins: read.ALLOWED_ORIGINS,
      connections: {
        perAddress: read.CONNECTIONS_PER_ADDRESS,
        perAccount: read.CONNECTIONS_PER_ACCOUNT,
      },
      graphiql: read.GRAPHIQL ?? !isProduction,
      introspection: read.INTROSPECTION ?? !isProduction,
    },
    database: { url: read.DATABASE_URL ?? null, dataDir: read.DATA_DIR, poolSize: read.DATABASE_POOL_SIZE },
    secretKey: Buffer.from(read.SECRET_KEY, 'base64'),
    previousSecretKeys: read.PREVIOUS_SECRET_KEYS.map((key) => Buffer.from(key, 'base64')),
    mail: { smtpUrl: read.SMTP_URL ?? null, from: read.MAIL_FROM, dkim: dkimOf(read) },
    sms: smsOf(read),
    telegram: {
      apiRoot: read.TELEGRAM_API_ROOT,
      infoBot: botOf(read.INFO_BOT_TOKEN, read.INFO_BOT_USERNAME),
      merchantBot: botOf(read.MERCHANT_BOT_TOKEN, read.MERCHANT_BOT_USERNAME),
      updates: read.TELEGRAM_UPDATES,
    },
    webhooks: {
      timeoutSeconds: read.WEBHOOK_TIMEOUT_SECONDS,
      allowHttp: !isProduction,
      allowPrivate: read.WEBHOOK_ALLOW_PRIVATE,
    },
    networks: read.NETWORKS,
    rates: ratesOf(read, isProduction),
  };
}

function smsOf(read: Values): SmsConfig | null {
  const { SMS_API_ROOT: apiRoot, SMS_ACCOUNT_SID: accountSid } = read;
  const { SMS_AUTH_TOKEN: authToken, SMS_FROM: from } = read;
  return apiRoot && accountSid && authToken && from ? { apiRoot, accountSid, authToken, from } : null;
}

function dkimOf(read: Values): DkimConfig | null {
  const { MAIL_DKIM_DOMAIN: domain, MAIL_DKIM_SELECTOR: selector, MAIL_DKIM_PRIVATE_KEY: privateKey } = read;
  return domain && selector && privateKey ? { domain, selector, privateKey } : null;
}

const botOf = (token: string | undefined, username: string | undefined): BotConfig | null =>
  token !== undefined && username !== undefined ? { token, username } : null;
