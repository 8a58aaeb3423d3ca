import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSealer } from '../../../src/adapters/secrets/sealer.ts';

const KEY = randomBytes(32);
const ROW = '019a0000-0000-7000-8000-000000000001';
const sealer = createSealer(KEY);
const DOES_NOT_OPEN = /unable to authenticate|not known|too short/;

describe('what is sealed', () => {
  test('opens for its own purpose and row only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (plain) => {
        const sealed = sealer.seal('totp', ROW, plain);
        expect(Uint8Array.from(sealer.open('totp', ROW, sealed))).toEqual(plain);
        expect(() => sealer.open('totp', ROW.replace(/1$/, '2'), sealed)).toThrow(DOES_NOT_OPEN);
        expect(() => sealer.open('webhook', ROW, sealed)).toThrow(DOES_NOT_OPEN);
        // The border between purpose and row cannot be moved.
        expect(() => sealer.open(`totp\n${ROW}`, '', sealed)).toThrow(DOES_NOT_OPEN);
      }),
    );
  });

  test('is never the same twice and does not show what it holds', () => {
    const plain = Buffer.from('a secret of twenty b');
    const [one, other] = [sealer.seal('totp', ROW, plain), sealer.seal('totp', ROW, plain)];
    expect(Buffer.from(one).equals(other)).toBe(false);
    expect(Buffer.from(one).includes(plain)).toBe(false);
  });

  test('does not open when any bit of it was changed, or a part is missing', () => {
    const sealed = Buffer.from(sealer.seal('totp', ROW, Buffer.from('secret')));
    for (let byte = 0; byte < sealed.length; byte += 1) {
      for (const bit of [1, 128]) {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(byte) ^ bit, byte);
        expect(() => sealer.open('totp', ROW, changed), `byte ${byte}`).toThrow(DOES_NOT_OPEN);
      }
      expect(() => sealer.open('totp', ROW, sealed.subarray(0, byte)), `${byte} bytes`).toThrow(
        DOES_NOT_OPEN,
      );
    }
    expect(() => sealer.open('totp', ROW, Buffer.concat([sealed, Buffer.of(0)]))).toThrow(DOES_NOT_OPEN);
  });
});

describe('another key', () => {
  const next = randomBytes(32);

  test('opens what the one before sealed, only while that one is named', () => {
    const old = sealer.seal('totp', ROW, Buffer.from('secret'));
    const rotated = createSealer(next, [randomBytes(32), KEY]);
    expect(Buffer.from(rotated.open('totp', ROW, old)).toString()).toBe('secret');
    expect(rotated.isCurrent(old)).toBe(false);
    expect(() => createSealer(next).open('totp', ROW, old)).toThrow(/not known/);
  });

  test('is the one that seals', () => {
    const sealed = createSealer(next, [KEY]).seal('totp', ROW, Buffer.from('secret'));
    expect(createSealer(next).isCurrent(sealed)).toBe(true);
    expect(Buffer.from(createSealer(next).open('totp', ROW, sealed)).toString()).toBe('secret');
    expect(() => sealer.open('totp', ROW, sealed)).toThrow(/not known/);
  });
});
