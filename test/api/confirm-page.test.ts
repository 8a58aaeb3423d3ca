import { describe, expect, test } from 'vitest';
import { confirmationToken } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { usePlatform } from '../testkit/platform.ts';

const kit = usePlatform();

async function confirmedAt(email: string): Promise<Date | null> {
  const { rows } = await kit.database.pool.query<{ email_confirmed_at: Date | null }>(
    'SELECT email_confirmed_at FROM "user" WHERE email = $1',
    [email],
  );
  return rows[0]?.email_confirmed_at ?? null;
}

describe('the link in the confirmation mail', () => {
  test('confirms with the password, once, and not by being opened', async () => {
    const email = 'ada@shop.example';
    const password = 'correct horse battery staple';
    const input = { email, password, merchantName: 'Shop', locale: 'en' };
    await kit.platform.api.send(operations.UserSignUpDocument, { input });
    const token = await confirmationToken(kit.platform, email);

    const opened = await fetch(`${kit.platform.url}/confirm?token=${token}`);
    expect(opened.status).toBe(200);
    expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await opened.text()).toContain(`value="${token}"`);
    expect(await confirmedAt(email)).toBeNull();

    const press = (typed: Record<string, string>) =>
      fetch(`${kit.platform.url}/confirm`, {
        method: 'POST',
        body: new URLSearchParams({ token, ...typed }),
      });
    for (const wrong of [{}, { password: 'correct horse battery' }, { password: '' }]) {
      const refused = await press(wrong);
      expect([refused.status, await refused.text()]).toEqual([
        422,
        expect.stringContaining(`value="${token}"`),
      ]);
    }
    expect(await confirmedAt(email)).toBeNull();
    const pressed = await press({ password });
    expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining('is confirmed')]);
    expect(await confirmedAt(email)).toBeInstanceOf(Date);
    expect((await press({ password })).status).toBe(410);
  });

  test.each(['', '"><script>alert(1)</script>', 'x'.repeat(5000)])(
    'writes nothing of %j into the page',
    async (token) => {
      const response = await fetch(`${kit.platform.url}/confirm?${new URLSearchParams({ token })}`);
      expect(response.status).toBe(410);
      expect(await response.text()).not.toMatch(/<script|xxxx/);
    },
  );
});
