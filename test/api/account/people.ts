import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { newest, sentTokens } from '../../testkit/sent-secrets.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { visitor } from '../../testkit/visitor.ts';
import type { TestPlatform } from '../../testkit/platform.ts';

export const PASSWORD = 'correct horse battery staple';

/** What people do with their accounts over the API, each from a network address of the own. */
export function people(kit: TestPlatform) {
  const anybody = (): ApiClient => visitor(kit.platform.url);

  const signUp = async (email: string, password = PASSWORD, api = anybody()) =>
    (
      await api.send(operations.UserSignUpDocument, {
        input: { email, password, merchantName: 'Corner Shop' },
      })
    ).userSignUp;

  const confirm = async (token: string, password = PASSWORD, api = anybody()) =>
    (await api.send(operations.EmailConfirmDocument, { input: { token, password } })).emailConfirm;

  const trySignIn = async (email: string, password = PASSWORD, api = anybody()) =>
    (await api.send(operations.SessionCreateDocument, { input: { email, password } })).sessionCreate;

  const signIn = async (email: string, password = PASSWORD): Promise<string> =>
    accepted(await trySignIn(email, password), 'SessionCreatePayload').token;

  return {
    anybody,
    signUp,
    confirm,
    trySignIn,
    signIn,
    /** A person with a confirmed address. */
    async join(email: string): Promise<void> {
      await signUp(email);
      const token = newest(await sentTokens(kit.database.pool, 'user.signed_up', email));
      accepted(await confirm(token), 'EmailConfirmPayload');
    },
    as: (token: string): ApiClient => visitor(kit.platform.url, { token }),
    async isSignedIn(token: string): Promise<boolean> {
      const asked = visitor(kit.platform.url, { token }).send(operations.ViewerContactDocument, {});
      return asked.then(
        () => true,
        async () => {
          const codes = await errorCodes(asked);
          if (codes[0] !== 'UNAUTHENTICATED') throw new Error(`refused with ${String(codes[0])}`);
          return false;
        },
      );
    },
    async requestReset(email: string, api = anybody()) {
      return (await api.send(operations.PasswordResetRequestDocument, { input: { email } }))
        .passwordResetRequest;
    },
    async reset(token: string, password: string, api = anybody()) {
      return (await api.send(operations.PasswordResetDocument, { input: { token, password } })).passwordReset;
    },
    resetLinks: (email: string) => sentTokens(kit.database.pool, 'user.password_reset_requested', email),
    /** Reasons of the holds on this person's payouts, and on those of the person's merchants. */
    async holds(email: string): Promise<{ person: string[]; merchants: string[] }> {
      const { rows } = await kit.database.pool.query<{ reason: string; merchant: boolean; hours: number }>(
        `SELECT h.reason, h.merchant_id IS NOT NULL AS merchant,
           (extract(epoch FROM h.ends_at - h.started_at) / 3600)::float AS hours
         FROM withdrawal_hold h JOIN "user" u ON u.id = h.user_id WHERE u.email = $1 ORDER BY h.id`,
        [email],
      );
      if (rows.some(({ hours }) => hours !== 24)) throw new Error('a hold of another length');
      const reasons = (merchant: boolean) => rows.filter((r) => r.merchant === merchant).map((r) => r.reason);
      return { person: reasons(false), merchants: reasons(true) };
    },
    /** Types and data of the person's events since the mark, in order. */
    async eventsOf(email: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
      const { rows } = await kit.database.pool.query<{ type: string; data: Record<string, unknown> }>(
        `SELECT e.type, e.data FROM event e JOIN "user" u ON u.id = e.subject_id
         WHERE u.email = $1 ORDER BY e.txid, e.seq`,
        [email],
      );
      return rows;
    },
  };
}

/** The one that was accepted, of many at once; throws when it is not one. */
export function onlyWinner<T extends { __typename: string }>(answers: readonly T[], typename: string): T {
  const [winner, ...more] = answers.filter((answer) => answer.__typename === typename);
  if (winner === undefined || more.length > 0)
    throw new Error(`${winner ? more.length + 1 : 0} of ${answers.length} were accepted`);
  return winner;
}

export const times = <T>(n: number, work: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, i) => work(i)));
