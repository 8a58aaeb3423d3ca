import { expect, test } from 'vitest';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { shareLookups } from '../../../src/server/shared-lookups.ts';
import { userActor } from '../../testkit/actors.ts';

const key = (apiKeyId: string, ip: string): Actor => ({
  type: 'API_KEY',
  apiKeyId,
  kind: 'SECRET',
  scopes: [],
  merchantId: 'merchant',
  projectId: 'project',
  mode: 'LIVE',
  client: { ip, device: `device at ${ip}` },
});

function counted() {
  const asked: Actor[] = [];
  const state = { ended: false };
  const lookUp = shareLookups(async (actor) => {
    asked.push(actor);
    return state.ended ? null : actor;
  });
  return { asked, state, lookUp };
}

test('who asks for the same at the same moment is answered by one look, with the client of its own', async () => {
  const { asked, lookUp } = counted();
  const found = await Promise.all([
    ...Array.from({ length: 1_000 }, () => lookUp(key('a', '203.0.113.1'))),
    lookUp(key('a', '203.0.113.2')),
    lookUp(key('b', '203.0.113.1')),
    lookUp(userActor('ada')),
    lookUp({ ...userActor('ada'), client: { ip: '203.0.113.3', device: 'a laptop' } }),
    lookUp({ ...userActor('ada'), client: { ip: '203.0.113.3', device: 'a phone' } }),
    lookUp({ ...userActor('ada'), sessionId: 'elsewhere' }),
  ]);
  expect(asked).toHaveLength(6);
  expect(found.at(-2)).toMatchObject({ client: { device: 'a phone' } });
  expect(found.at(1_000)).toMatchObject({ client: { ip: '203.0.113.2' } });
});

test('an answer is never older than the question', async () => {
  const { asked, state, lookUp } = counted();
  const before = lookUp(key('a', '203.0.113.1'));
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  state.ended = true;
  expect(await lookUp(key('a', '203.0.113.1'))).toBeNull();
  expect(await before).not.toBeNull();
  expect(asked).toHaveLength(2);
});

test('who asks while a question is out waits for the next one, all together', async () => {
  const answers: PromiseWithResolvers<Actor | null>[] = [];
  const lookUp = shareLookups(() => {
    const answer = Promise.withResolvers<Actor | null>();
    answers.push(answer);
    return answer.promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = lookUp(key('a', '203.0.113.1'));
  await turn();
  const later = Promise.all([lookUp(key('a', '203.0.113.1')), lookUp(key('a', '203.0.113.1'))]);
  await turn();
  expect(answers).toHaveLength(1);
  answers[0]?.resolve(key('a', '203.0.113.1'));
  expect(await first).not.toBeNull();
  await turn();
  expect(answers).toHaveLength(2);
  answers[1]?.resolve(null);
  expect(await later).toEqual([null, null]);
});

test('a look that fails fails for all that wait, and the next one asks anew', async () => {
  let broken = true;
  const lookUp = shareLookups(async (actor) => {
    if (broken) throw new Error('no database');
    return actor;
  });
  const both = await Promise.allSettled([lookUp(userActor('ada')), lookUp(userActor('ada'))]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  broken = false;
  expect(await lookUp(userActor('ada'))).not.toBeNull();
});
