import { createSecrets } from '../../../src/adapters/secrets/token-secrets.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../../src/config/secrets.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { totpAt } from '../../testkit/authenticator.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import type { MovableClock } from '../../testkit/movable-clock.ts';
import type { TestPlatform } from '../../testkit/platform.ts';

/** Of everybody whom `openMerchant` signs up. */
export const PASSWORD = 'correct horse battery staple';

/** What the gateway of the tests makes links and codes with. */
export const secrets = createSecrets(Buffer.from(DEVELOPMENT_SECRET_KEY, 'base64'));

export interface Person {
  readonly email: string;
  readonly userId: string;
  readonly merchantId: string;
  /** Signed in, and proven to be there. */
  readonly client: ApiClient;
}

export interface PersonWithAuthenticator extends Person {
  /** Base32. */
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** A code that was not used yet: moves the clock to the next step. */
  nextCode(): string;
}

export const stepUp = async (client: ApiClient, input: operations.SessionStepUpInput) =>
  (await client.send(operations.SessionStepUpDocument, { input })).sessionStepUp;

export const signInWith = async (client: ApiClient, input: operations.SessionCreateInput) =>
  (await client.send(operations.SessionCreateDocument, { input })).sessionCreate;

/** Somebody who signed in and gave the password once more. */
export async function openPerson({ platform }: TestPlatform, email: string): Promise<Person> {
  const { owner, merchantId } = await openMerchant(platform, email);
  const { viewer } = await owner.send(operations.ViewerDocument, {});
  const { token } = accepted(await stepUp(owner, { password: PASSWORD }), 'SessionStepUpPayload');
  return {
    email,
    userId: rowIdOf(viewer.id),
    merchantId: rowIdOf(merchantId),
    client: platform.api.as(token),
  };
}

/** The digits that were sent to the person last. */
export async function sentCode({ database }: TestPlatform, userId: string): Promise<string> {
  const { rows } = await database.pool.query<{ id: string; purpose: string }>(
    'SELECT id, purpose FROM verification_code WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1',
    [userId],
  );
  const [code] = rows;
  if (!code) throw new Error('no code was sent');
  return secrets.deriveCode(code.purpose, code.id);
}

/** Sets an authenticator up, up to where its first code is asked for. */
export async function beginEnrollment(kit: TestPlatform, { client, userId }: Person): Promise<string> {
  const requested = await client.send(operations.TwoFactorEnrollRequestDocument, {
    input: { channel: 'EMAIL' },
  });
  accepted(requested.twoFactorEnrollRequest, 'TwoFactorEnrollRequestPayload');
  const code = await sentCode(kit, userId);
  const { twoFactorEnroll } = await client.send(operations.TwoFactorEnrollDocument, { input: { code } });
  return accepted(twoFactorEnroll, 'TwoFactorEnrollPayload').secret;
}

export async function enableAuthenticator(
  kit: TestPlatform,
  clock: MovableClock,
  person: Person,
): Promise<PersonWithAuthenticator> {
  const secret = await beginEnrollment(kit, person);
  const enabled = await person.client.send(operations.TwoFactorEnableDocument, {
    input: { totpCode: totpAt(secret, clock.now()) },
  });
  const { recoveryCodes } = accepted(enabled.twoFactorEnable, 'TwoFactorEnablePayload');
  return {
    ...person,
    secret,
    recoveryCodes,
    nextCode() {
      clock.advance({ seconds: 30 });
      return totpAt(secret, clock.now());
    },
  };
}

export const openPersonWithAuthenticator = async (kit: TestPlatform, clock: MovableClock, email: string) =>
  enableAuthenticator(kit, clock, await openPerson(kit, email));

/** What holds the payouts of a merchant, oldest first. */
export async function holdsOf({ database }: TestPlatform, merchantId: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ reason: string }>(
    'SELECT reason FROM withdrawal_hold WHERE merchant_id = $1 ORDER BY id',
    [merchantId],
  );
  return rows.map(({ reason }) => reason);
}

/** The data of the person's events of a type, oldest first. */
export async function eventData(
  { database }: TestPlatform,
  userId: string,
  type: string,
): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ data: unknown }>(
    'SELECT data FROM event WHERE subject_id = $1 AND type = $2 ORDER BY txid, seq',
    [userId, type],
  );
  return rows.map(({ data }) => data);
}
