import { createHmac } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, test } from 'vitest';
import { createWebhookSigner } from '../../../src/adapters/webhook/webhook-signer.ts';

const signer = createWebhookSigner();
const OLD = signer.newSecret();
const NEW = signer.newSecret();
const STRANGE = signer.newSecret();

const BODY = JSON.stringify({
  id: '01990000-0000-7000-8000-000000000001',
  object_type: 'event',
  text: 'Täg 🎉',
});
const TAMPERED = BODY.replace('event', 'evens');
const TOO_OLD_MS = 6 * 60 * 1_000;

interface Signing {
  readonly secrets?: readonly string[];
  readonly ageMs?: number;
}

const headersOf = ({ secrets = [NEW], ageMs = 0 }: Signing = {}) =>
  signer.headers({
    id: '01990000-0000-7000-8000-000000000001',
    at: new Date(Date.now() - ageMs),
    body: BODY,
    secrets,
  });

type Verify = (secret: string, headers: Readonly<Record<string, string>>, body: string) => void;

/** What receivers verify with: libraries that other people wrote. Each throws when it refuses. */
const LIBRARIES: Readonly<Record<string, Verify>> = {
  'stripe, from Pay-Signature': (secret, headers, body) =>
    Stripe.webhooks.constructEvent(body, headers['Pay-Signature'] ?? '', secret),
  'standardwebhooks, from webhook-signature': (secret, headers, body) =>
    new StandardWebhook(secret).verify(body, { ...headers }),
  'svix, from webhook-signature': (secret, headers, body) =>
    new SvixWebhook(secret).verify(body, { ...headers }),
};

describe.each(Object.entries(LIBRARIES))('a receiver with %s', (_name, verify) => {
  test('believes what was signed with its secret', () => {
    expect(() => verify(NEW, headersOf(), BODY)).not.toThrow();
  });

  test('believes either secret while one takes over from the other', () => {
    const headers = headersOf({ secrets: [NEW, OLD] });
    expect(() => verify(NEW, headers, BODY)).not.toThrow();
    expect(() => verify(OLD, headers, BODY)).not.toThrow();
    expect(() => verify(STRANGE, headers, BODY)).toThrow(/signature/i);
  });

  test('refuses another secret', () => {
    expect(() => verify(OLD, headersOf(), BODY)).toThrow(/signature/i);
  });

  test('refuses a body that was changed', () => {
    expect(() => verify(NEW, headersOf(), TAMPERED)).toThrow(/signature/i);
  });

  test('refuses what was signed long ago', () => {
    expect(() => verify(NEW, headersOf({ ageMs: TOO_OLD_MS }), BODY)).toThrow(/old|tolerance/i);
  });

  test('refuses another time than the one that was signed', () => {
    const { 'webhook-timestamp': timestamp = '', ...headers } = headersOf();
    const moved = String(Number(timestamp) + 1);
    const forged = Object.fromEntries(
      Object.entries({ ...headers, 'webhook-timestamp': timestamp }).map(([name, value]) => [
        name,
        value.replace(timestamp, moved),
      ]),
    );
    expect(() => verify(NEW, forged, BODY)).toThrow(/signature/i);
  });
});

test.each(['standardwebhooks', 'svix'])('with %s the id is signed as well', (name) => {
  const verify = LIBRARIES[`${name}, from webhook-signature`];
  expect(() => verify?.(NEW, { ...headersOf(), 'webhook-id': 'another' }, BODY)).toThrow(/signature/i);
});

test('the vector of Standard Webhooks comes out (RULES 11)', () => {
  expect(
    signer.headers({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: new Date(1_614_265_330_999),
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    }),
  ).toEqual({
    'Pay-Signature': `t=1614265330,v1=${createHmac('sha256', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
      .update('1614265330.{"test": 2432232314}')
      .digest('hex')}`,
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('a secret is 32 random bytes (QUALITY, security 33)', () => {
  const secrets = Array.from({ length: 100 }, () => signer.newSecret());
  expect(new Set(secrets).size).toBe(100);
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  }
});
