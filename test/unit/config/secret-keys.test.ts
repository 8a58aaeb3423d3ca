import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/config/config.ts';

const key = () => randomBytes(32).toString('base64');

describe('PREVIOUS_SECRET_KEYS', () => {
  test('is empty unless it is set, and a list where it is', () => {
    expect(loadConfig({}).previousSecretKeys).toEqual([]);
    const [one, other] = [key(), key()];
    const { previousSecretKeys } = loadConfig({ PREVIOUS_SECRET_KEYS: `${one}, ${other}` });
    expect(previousSecretKeys.map((bytes) => Buffer.from(bytes).toString('base64'))).toEqual([one, other]);
  });

  test('is refused when one of them is no key, and not repeated', () => {
    const short = randomBytes(31).toString('base64');
    const load = () => loadConfig({ PREVIOUS_SECRET_KEYS: `${key()},${short}` });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow('PREVIOUS_SECRET_KEYS.1: must be 32 bytes in base64');
    expect(load).not.toThrow(short);
  });
});
