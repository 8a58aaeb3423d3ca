import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimPage, REFUND_TEXTS } from '../../../src/pages/claim-page.ts';
import { createClaimRoute } from '../../../src/server/http-claim.ts';
import { startCoreServer, type CoreServer } from './core-server.ts';

/** Has the form of a token, so that the use cases are asked. */
const CANARY = 'c'.repeat(43);
const broken = async (): Promise<never> => {
  throw new Error('the database is gone');
};

let server: CoreServer;
beforeAll(async () => {
  const page = claimPage({ show: broken, claim: broken }, REFUND_TEXTS);
  const client = { ip: '127.0.0.1', device: 'a test' };
  server = await startCoreServer({
    routes: { '/refund/': createClaimRoute('/refund/', page, () => client) },
  });
});
afterAll(() => server.close());

// The path holds the credential: whoever reads the log could claim the money.
test.each(['GET', 'POST'])('a fault of %s on a claim link is logged without the link', async (method) => {
  const before = server.lines.length;
  const body = method === 'POST' ? 'address=0x1&confirmed=yes' : null;
  const response = await fetch(`${server.base}/refund/${CANARY}?again=${CANARY}`, { method, body });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain(CANARY);
  const logged = server.lines.slice(before);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('the database is gone');
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ route: '/refund/' });
  expect(logged[0]).not.toContain(CANARY);
});
