import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../src/config/secrets.ts';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import { signIn, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { rowIdOf } from './facts.ts';
import type { TestPlatform } from './platform.ts';

/** The password of everybody whom the demo and these tests sign up. */
export const TEAM_PASSWORD = 'correct horse battery staple';

export interface TeamPerson {
  readonly email: string;
  readonly api: ApiClient;
  readonly sessionToken: string;
  readonly memberId: string;
}

const secrets = createSecrets(Buffer.from(DEVELOPMENT_SECRET_KEY, 'base64'));

/** What the mail of an invitation carries; no table holds it. */
export const invitationToken = (invitationId: string): string =>
  secrets.derive('INVITATION', rowIdOf(invitationId)).secret;

/** Later than every moment of a test, whatever its clock says. */
const LATER = new Date('2100-01-01T00:00:00Z');

/** All sessions of the person have just proved that the person is there. */
export async function stepUp({ database }: TestPlatform, email: string): Promise<void> {
  await database.pool.query(
    `UPDATE session s SET stepped_up_at = $2 FROM "user" u WHERE u.id = s.user_id AND u.email = $1`,
    [email, LATER],
  );
}

/** Forgets what was tried so far: the tests of a file come from one address. */
export const forgetAttempts = ({ database }: TestPlatform) =>
  database.pool.query('DELETE FROM attempt_count');

export const tryInvite = async (
  api: ApiClient,
  merchantId: string,
  email: string,
  input: Partial<operations.MemberInviteInput> = {},
) =>
  (
    await api.send(operations.MemberInviteDocument, {
      input: { merchantId, email, role: 'VIEWER', ...input },
    })
  ).memberInvite;

export const invite = async (
  api: ApiClient,
  merchantId: string,
  email: string,
  input: Partial<operations.MemberInviteInput> = {},
) => accepted(await tryInvite(api, merchantId, email, input), 'Invitation');

export const tryAccept = async (api: ApiClient, token: string) =>
  (await api.send(operations.InvitationAcceptDocument, { input: { token } })).invitationAccept;

export const tryJoin = async (api: ApiClient, token: string, password = TEAM_PASSWORD) =>
  (await api.send(operations.InvitationSignUpDocument, { input: { token, password } })).invitationSignUp;

export async function membersOf(api: ApiClient, merchantId: string) {
  const { node } = await api.send(operations.TeamDocument, { merchantId, first: 100 });
  if (!node || !('members' in node) || !node.members) throw new Error('no team to see');
  return node.members.edges.map((edge) => edge.node);
}

/** A new person who joins by invitation. */
export async function join(
  kit: TestPlatform,
  { owner, merchantId, email: ownerEmail }: DemoMerchant,
  email: string,
  input: Partial<operations.MemberInviteInput> = {},
): Promise<TeamPerson> {
  await stepUp(kit, ownerEmail);
  const invitation = await invite(owner, merchantId, email, input);
  accepted(await tryJoin(kit.platform.api, invitationToken(invitation.id)), 'InvitationSignUpPayload');
  const sessionToken = await signIn(kit.platform, email);
  const api = kit.platform.api.as(sessionToken);
  const { viewer } = await api.send(operations.OwnMembershipsDocument, {});
  return { email, api, sessionToken, memberId: viewer.memberships[0]?.id ?? '' };
}
