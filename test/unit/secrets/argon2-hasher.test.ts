import { hash } from '@node-rs/argon2';
import { beforeAll, describe, expect, test } from 'vitest';
import { createArgon2Hasher } from '../../../src/adapters/secrets/argon2-hasher.ts';
import { createBoundedLine } from '../../../src/adapters/secrets/bounded-line.ts';
import { createPasswordBlocklist } from '../../../src/adapters/secrets/password-blocklist.ts';
import { Overloaded } from '../../../src/domain/access/overloaded.ts';
import type { PasswordHasher } from '../../../src/usecases/ports/secrets.ts';

describe('the hasher', () => {
  let hasher: PasswordHasher;
  beforeAll(async () => {
    hasher = await createArgon2Hasher({ atOnce: 1, waiting: 2 });
  });

  test('uses argon2id with at least 19 MiB, two passes and a salt of its own', async () => {
    const [one, other] = [await hasher.hash('correct horse'), await hasher.hash('correct horse')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await hasher.verify(one, 'correct horse')).toBe(true);
    expect(await hasher.verify(one, 'Correct horse')).toBe(false);
    expect(await hasher.verify(null, 'no such person')).toBe(false);
  });

  test('knows the hashes of weaker times', async () => {
    expect(hasher.needsRehash(await hasher.hash('correct horse'))).toBe(false);
    for (const weaker of [
      { memoryCost: 8192, timeCost: 2, parallelism: 1 },
      { memoryCost: 19_456, timeCost: 1, parallelism: 1 },
      { memoryCost: 19_456, timeCost: 2, parallelism: 1, algorithm: 1 },
    ]) {
      expect(hasher.needsRehash(await hash('correct horse', weaker))).toBe(true);
    }
    const stronger = { memoryCost: 32_768, timeCost: 3, parallelism: 1 };
    expect(hasher.needsRehash(await hash('correct horse', stronger))).toBe(false);
  });

  test('turns away what would wait behind too many, and goes on with the rest', async () => {
    const stored = await hasher.hash('correct horse');
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => hasher.verify(stored, 'correct horse')),
    );
    const done = tries.filter((t) => t.status === 'fulfilled');
    expect(done.map((t) => t.value)).toEqual([true, true, true]);
    for (const t of tries) if (t.status === 'rejected') expect(t.reason).toBeInstanceOf(Overloaded);
    expect(await hasher.verify(stored, 'correct horse')).toBe(true);
  });
});

test('a line runs no more at once than it may, in order, and goes on after a fault', async () => {
  const inLine = createBoundedLine('the test', { atOnce: 2, waiting: 10 });
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const work = (n: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => setImmediate(resolve));
    order.push(n);
    running -= 1;
    if (n === 3) throw new Error('fault');
  };
  const ran = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map((n) => inLine(work(n))));
  expect(ran.filter((r) => r.status === 'rejected')).toHaveLength(1);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
});

test('the blocklist knows the common passwords of eight characters and more', async () => {
  const isCommon = await createPasswordBlocklist().load();
  for (const password of ['12345678', 'baseball', 'iloveyou', 'qwertyuiop', 'password1'])
    expect(isCommon(password), password).toBe(true);
  expect(isCommon('correct horse battery staple')).toBe(false);
});
