import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/config/config.ts';
import { nodeUrls } from '../../../src/config/networks.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../../src/config/secrets.ts';

type Env = Record<string, string | undefined>;

function faultsOf(env: Env): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

const XPUB =
  'xpub6CUGRUonZSQ4TWtTMmzXdrXDtypWKiKrhko4egpiMZbpiaQL2jkwSB1icqYh2cfDfVxdx4df189oLKnC5fSwqPfgyP3hooxujYzAu3fDVmz';
const PRODUCTION: Env = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://paybell:hunter2@db.example/paybell',
  SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  PUBLIC_URL: 'https://pay.example',
  SMTP_URL: 'smtps://mail.example',
};

test('addresses that paths are put behind lose the slashes at their end', () => {
  const config = loadConfig({
    PUBLIC_URL: 'https://pay.example/shop//',
    TELEGRAM_API_ROOT: 'https://bots.example/',
  });
  expect(config.http.publicUrl).toBe('https://pay.example/shop');
  expect(config.telegram.apiRoot).toBe('https://bots.example');
});

describe('development', () => {
  test('starts with nothing set', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      environment: 'development',
      roles: ['api', 'worker', 'watcher', 'bots'],
      http: { port: 4000, graphiql: true, introspection: true, trustedProxies: [] },
      database: { url: null, dataDir: './data', poolSize: 10 },
      mail: { smtpUrl: null },
      telegram: { infoBot: null, merchantBot: null },
      networks: [],
      rates: { kind: 'fixed' },
      projectModeration: 'automatic',
      webhooks: { timeoutSeconds: 15, allowHttp: true, allowPrivate: false },
    });
    expect(config.secretKey).toHaveLength(32);
  });

  test('an empty variable counts as not set', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({
      http: { port: 4000 },
      database: { url: null },
    });
  });
});

describe('production', () => {
  test('starts with what it needs, closed and without made-up rates', () => {
    const config = loadConfig(PRODUCTION);
    expect(config).toMatchObject({
      http: { graphiql: false, introspection: false },
      webhooks: { timeoutSeconds: 15, allowHttp: false, allowPrivate: false },
      rates: {
        kind: 'live',
        sources: ['coingecko', 'coinbase', 'kraken', 'ecb'],
        method: 'median',
        deviationPercent: 3,
        maxAgeSeconds: 600,
        fiatMaxAgeSeconds: 518_400,
        refreshSeconds: 60,
        coingeckoKey: null,
      },
    });
  });

  test('says all that is missing', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      'PUBLIC_URL: must be set in production',
      'DATABASE_URL: must be set in production',
      'SECRET_KEY: must be set in production',
      'SMTP_URL: must be set in production',
    ]);
  });

  test.each([
    [
      'the development key',
      { SECRET_KEY: DEVELOPMENT_SECRET_KEY },
      'SECRET_KEY: is the known development key',
    ],
    [
      'a public address without TLS',
      { PUBLIC_URL: 'http://pay.example' },
      'PUBLIC_URL: must be https in production',
    ],
    [
      'webhooks into its own network',
      { WEBHOOK_ALLOW_PRIVATE: 'true' },
      'WEBHOOK_ALLOW_PRIVATE: lets strangers reach your network; production refuses it',
    ],
    [
      'fixed rates',
      { RATE_SOURCES: 'fixed' },
      'RATE_SOURCES: fixed rates are made up; production refuses them',
    ],
  ])('refuses %s', (_name, env, fault) => {
    expect(faultsOf({ ...PRODUCTION, ...env })).toEqual([fault]);
  });
});

test('all faults are told together', () => {
  const faults = faultsOf({
    NODE_ENV: 'staging',
    PORT: '70000',
    DATABASE_URL: 'mysql://x',
    SECRET_KEY: 'short',
    ROLES: 'api,cook',
    TRUSTED_PROXIES: '10.0.0.0/8,10.0.0.0/99',
    ALLOWED_ORIGINS: 'https://a.example/path',
    GRAPHIQL: 'yes',
    INFO_BOT_TOKEN: '123456:abcdefghijk',
    NETWORKS: '[{"network":"ETHEREUM","rpcUrl":"ftp://x","xpub":"nope","spare":1}]',
  });
  const named = faults.map((fault) => fault.split(':', 1)[0]);
  expect(named).toEqual([
    'NODE_ENV',
    'ROLES.1',
    'PORT',
    'TRUSTED_PROXIES.1',
    'ALLOWED_ORIGINS.0',
    'GRAPHIQL',
    'DATABASE_URL',
    'SECRET_KEY',
    'NETWORKS.0.rpcUrl',
    'NETWORKS.0.xpub',
    'NETWORKS.0',
    'INFO_BOT_USERNAME',
  ]);
});

test('no value is repeated in a fault', () => {
  const secret = 'hunter2-hunter2';
  const env = Object.fromEntries(
    [
      'DATABASE_URL',
      'SECRET_KEY',
      'SMTP_URL',
      'INFO_BOT_TOKEN',
      'MERCHANT_BOT_TOKEN',
      'NETWORKS',
      'LOG_LEVEL',
      'PORT',
    ].map((name) => [name, secret]),
  );
  const faults = faultsOf({
    ...env,
    NETWORKS: `[{"network":"${secret}","rpcUrl":"${secret}","xpub":"${secret}"}]`,
  });
  expect(faults.length).toBeGreaterThanOrEqual(8);
  expect(faults.join()).not.toContain(secret);
});

describe('networks', () => {
  const network = { network: 'SANDBOX', rpcUrl: 'http://127.0.0.1:8545', xpub: XPUB };

  test('are read with their optional parts', () => {
    const full = {
      ...network,
      chainId: 31337,
      confirmations: 3,
      startHeight: 0,
      pollIntervalMs: 200,
      contracts: { USDT: '0x1' },
    };
    expect(loadConfig({ NETWORKS: JSON.stringify([full]) }).networks).toEqual([full]);
  });

  test('may have several nodes, and what only EVM networks have', () => {
    const full = {
      network: 'POLYGON',
      rpcUrls: ['https://first.example/v2/key', 'http://user:password@127.0.0.1:8545'],
      xpub: XPUB,
      finality: 'finalized',
      unknownTokens: false,
      logChunk: 10,
      contracts: { USDT: { address: '0x1', decimals: 18 } },
    };
    expect(loadConfig({ NETWORKS: JSON.stringify([full]) }).networks).toEqual([full]);
    expect(nodeUrls(full)).toEqual(full.rpcUrls);
    expect(nodeUrls(network)).toEqual([network.rpcUrl]);
  });

  test.each([
    ['no JSON', '{', ['NETWORKS: must be JSON']],
    [
      'no node',
      JSON.stringify([{ ...network, rpcUrl: undefined }]),
      ['NETWORKS.0: must have rpcUrl or rpcUrls'],
    ],
    [
      'one node and several',
      JSON.stringify([{ ...network, rpcUrls: ['https://node.example'] }]),
      ['NETWORKS.0: must have rpcUrl or rpcUrls'],
    ],
    ['a network twice', JSON.stringify([network, network]), ['NETWORKS: must name each network once']],
  ])('%s is a fault', (_name, text, faults) => {
    expect(faultsOf({ NETWORKS: text })).toEqual(faults);
  });
});

describe('rates', () => {
  test('come from the sources that are named, in their order', () => {
    const env = {
      RATE_SOURCES: ' kraken , ecb ',
      RATE_METHOD: 'priority',
      KRAKEN_API_ROOT: 'http://127.0.0.1:9/kraken/',
      COINGECKO_API_KEY: 'CG-hunter2hunter2',
    };
    expect(loadConfig(env).rates).toMatchObject({
      kind: 'live',
      sources: ['kraken', 'ecb'],
      method: 'priority',
      roots: { kraken: 'http://127.0.0.1:9/kraken', ecb: 'https://www.ecb.europa.eu' },
      coingeckoKey: 'CG-hunter2hunter2',
    });
    expect(loadConfig({ RATE_SOURCES: 'fixed' }).rates).toEqual({ kind: 'fixed' });
    expect(loadConfig({ ...PRODUCTION, RATE_SOURCES: 'none' }).rates).toEqual({ kind: 'none' });
  });

  test.each([
    ['kraken,bank', 'RATE_SOURCES.1: must be of coingecko, kraken, coinbase, ecb, fixed, none'],
    [',', 'RATE_SOURCES: must name a source'],
    ['kraken,kraken', 'RATE_SOURCES: must name each source once'],
    ['kraken,fixed', 'RATE_SOURCES: fixed and none stand alone'],
    ['none,fixed', 'RATE_SOURCES: fixed and none stand alone'],
    ['ecb', 'RATE_SOURCES: ecb prices no crypto currency; name a market too'],
  ])('of %j are a fault', (names, fault) => {
    expect(faultsOf({ RATE_SOURCES: names })).toEqual([fault]);
  });

  test('are renewed before they are too old', () => {
    const fault = 'RATE_REFRESH_SECONDS: must be less than RATE_MAX_AGE_SECONDS';
    expect(faultsOf({ RATE_MAX_AGE_SECONDS: '60' })).toEqual([fault]);
    expect(faultsOf({ RATE_REFRESH_SECONDS: '600' })).toEqual([fault]);
    expect(faultsOf({ RATE_MAX_AGE_SECONDS: '60', RATE_REFRESH_SECONDS: '59' })).toEqual([]);
  });

  test('come over TLS in production, and no password stands in an address', () => {
    expect(faultsOf({ ...PRODUCTION, ECB_API_ROOT: 'http://rates.example' })).toEqual([
      'ECB_API_ROOT: must be https in production',
    ]);
    expect(faultsOf({ KRAKEN_API_ROOT: 'https://ada:hunter2@rates.example' })).toEqual([
      'KRAKEN_API_ROOT: must have no user name or password in it',
    ]);
    expect(faultsOf({ KRAKEN_API_ROOT: 'hunter2' })).toEqual([
      'KRAKEN_API_ROOT: must be a URL that starts with https:// or http://',
    ]);
  });
});

describe('DKIM', () => {
  const rsa = (modulusLength: number) =>
    generateKeyPairSync('rsa', {
      modulusLength,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;
  const privateKey = rsa(1024);
  const DKIM = {
    MAIL_DKIM_DOMAIN: 'shop.example',
    MAIL_DKIM_SELECTOR: 'paybell2026',
    MAIL_DKIM_PRIVATE_KEY: privateKey,
  };

  test('is set up with all three variables or none; the key may stand on one line', () => {
    expect(loadConfig({}).mail.dkim).toBeNull();
    const expected = { domain: 'shop.example', selector: 'paybell2026', privateKey: privateKey.trim() };
    expect(loadConfig(DKIM).mail.dkim).toEqual(expected);
    const inOneLine = privateKey.trim().replaceAll('\n', String.raw`\n`);
    expect(loadConfig({ ...DKIM, MAIL_DKIM_PRIVATE_KEY: inOneLine }).mail.dkim).toEqual(expected);
    expect(faultsOf({ MAIL_DKIM_SELECTOR: 'paybell2026' })).toEqual([
      'MAIL_DKIM_DOMAIN: must be set with the other variables of DKIM',
      'MAIL_DKIM_PRIVATE_KEY: must be set with the other variables of DKIM',
    ]);
  });

  test('does not start with what cannot sign, and does not repeat it', () => {
    const ed25519 = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;
    for (const key of [rsa(768), ed25519, privateKey.slice(0, -60), '/etc/dkim.pem']) {
      expect(faultsOf({ ...DKIM, MAIL_DKIM_PRIVATE_KEY: key })).toEqual([
        'MAIL_DKIM_PRIVATE_KEY: must be a private RSA key of at least 1024 bits in PEM',
      ]);
    }
    for (const name of ['shop example', 'shop.example;s=x', '-x.example', `${'x'.repeat(64)}.example`])
      expect(faultsOf({ ...DKIM, MAIL_DKIM_DOMAIN: name })).toEqual([
        'MAIL_DKIM_DOMAIN: must be a name such as mail.shop.example',
      ]);
  });
});

describe('SMS', () => {
  const SMS = {
    SMS_API_ROOT: 'https://sms.example/',
    SMS_ACCOUNT_SID: 'AC1',
    SMS_AUTH_TOKEN: 'hunter2',
    SMS_FROM: '+12025550100',
  };

  test('is set up with all four variables or none', () => {
    expect(loadConfig({}).sms).toBeNull();
    expect(loadConfig(SMS).sms).toEqual({
      apiRoot: 'https://sms.example',
      accountSid: 'AC1',
      authToken: 'hunter2',
      from: '+12025550100',
    });
    expect(faultsOf({ SMS_API_ROOT: 'https://sms.example', SMS_FROM: 'Paybell' })).toEqual([
      'SMS_ACCOUNT_SID: must be set with the other variables of SMS',
      'SMS_AUTH_TOKEN: must be set with the other variables of SMS',
    ]);
  });

  test('sends the password over TLS only in production', () => {
    expect(faultsOf({ ...PRODUCTION, ...SMS, SMS_API_ROOT: 'http://sms.example' })).toEqual([
      'SMS_API_ROOT: must be https in production',
    ]);
    expect(faultsOf({ ...PRODUCTION, ...SMS })).toEqual([]);
  });
});
