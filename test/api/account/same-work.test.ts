import { expect, test } from 'vitest';
import { usePlatform } from '../../testkit/platform.ts';
import { statementsDuring } from '../../testkit/statements.ts';
import { people } from './people.ts';

const kit = usePlatform({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
const shop = people(kit);

/** Reads of a person by address, counting of attempts, and writes that carry an event or a link. */
const WORK = /email_key = \$1|INTO attempt_count|INTO event \(|INTO user_token/;

test('signing up and asking for a new password send as many statements for every address', async () => {
  await shop.join('known@shop.example');
  await shop.signUp('unconfirmed@shop.example');
  const work: Record<string, number[]> = { signUp: [], reset: [] };
  for (const email of ['known@shop.example', 'unconfirmed@shop.example', 'nobody@shop.example']) {
    work['reset']?.push((await statementsDuring(WORK, () => shop.requestReset(email))).length);
    work['signUp']?.push((await statementsDuring(WORK, () => shop.signUp(email))).length);
  }
  expect(work).toEqual({ signUp: [3, 3, 3], reset: [3, 3, 3] });
});
