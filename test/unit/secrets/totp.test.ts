import { base32nopad } from '@scure/base';
import { describe, expect, test } from 'vitest';
import { createTotpCodes } from '../../../src/adapters/secrets/totp.ts';
import { totpAt } from '../../testkit/authenticator.ts';

const totp = createTotpCodes();
/** RFC 6238, appendix B: the secret of its SHA-1 vectors, and their eight digits of which the last six are ours. */
const SECRET = Buffer.from('12345678901234567890', 'ascii');
const VECTORS: readonly (readonly [number, string])[] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
];
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('RFC 6238', () => {
  test.each(VECTORS)('at %d seconds the code ends %s', (seconds, code) => {
    expect(totp.stepOf(SECRET, code.slice(2), at(seconds))).toBe(Math.floor(seconds / 30));
    expect(totpAt(base32nopad.encode(SECRET), at(seconds), 8)).toBe(code);
  });

  test('a code works in its own step and the ones beside it, and tells which step it is of', () => {
    const step = 1_234_567_890 / 30;
    const code = '005924';
    for (const seconds of [-30, -1, 0, 29, 30, 59]) {
      expect(totp.stepOf(SECRET, code, at(step * 30 + seconds)), String(seconds)).toBe(step);
    }
    for (const seconds of [-3600, -31, 60, 3600]) {
      expect(totp.stepOf(SECRET, code, at(step * 30 + seconds)), String(seconds)).toBeNull();
    }
  });

  test.each(['', '5924', '0059240', '005925', '-05924', '0x5924', '005 924'])('%j is no code', (typed) => {
    expect(totp.stepOf(SECRET, typed, at(1_234_567_890))).toBeNull();
  });
});

describe('provisioning', () => {
  test('gives secret, URI and QR code of the same', () => {
    const { secret, uri, qrCode } = totp.provision(SECRET, 'ada+1@shop.example');
    expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const parsed = new URL(uri);
    expect([parsed.protocol, parsed.host, decodeURIComponent(parsed.pathname)]).toEqual([
      'otpauth:',
      'totp',
      '/Paybell:ada+1@shop.example',
    ]);
    expect(Object.fromEntries(parsed.searchParams)).toEqual({
      issuer: 'Paybell',
      secret,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    const [type, image = ''] = qrCode.split(',');
    expect(type).toBe('data:image/svg+xml;base64');
    expect(Buffer.from(image, 'base64').toString('utf8')).toMatch(/^<svg [^>]+><path d="[^"]+"\/><\/svg>$/);
  });

  test('never gives the same secret twice, nor a part of shared memory', () => {
    const made = Array.from({ length: 50 }, () => totp.newSecret());
    expect(new Set(made.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(50);
    for (const secret of made) {
      expect(secret).toHaveLength(20);
      expect(totp.provision(secret, 'ada@shop.example').secret).toHaveLength(32);
    }
  });
});
