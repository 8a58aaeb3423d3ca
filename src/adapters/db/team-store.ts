import type { Pool, PoolClient } from 'pg';
import type { Offer, TeamMember } from '../../domain/member/team-rules.ts';
import type {
  NewInvitation,
  OpenInvitation,
  Team,
  TeamPlace,
  TeamQuestion,
  TeamStore,
  TeamWrite,
} from '../../usecases/ports/team-store.ts';
import { writeEvents } from './event-insert.ts';
import { LOCK_MERCHANT } from './merchant-lock.ts';
import { PAYING_ROLES } from './paying-roles.ts';
import { join } from './team-join.ts';
import { inTransaction } from './transaction.ts';

const MEMBER_PLACE =
  'SELECT merchant_id AS "merchantId", user_id AS "userId", role FROM member WHERE id = $1';

const INVITATION_PLACE =
  'SELECT merchant_id AS "merchantId", null AS "userId", role FROM invitation WHERE id = $1';

const PROJECTS_AMONG = 'SELECT id FROM project WHERE merchant_id = $1 AND id = ANY($2::uuid[])';

const MEMBERS = `
  SELECT m.id AS "memberId", m.user_id AS "userId", u.email, m.role, m.disabled_at AS "disabledAt",
    CASE WHEN m.restricted THEN m.project_ids END AS "projectIds"
  FROM member m JOIN "user" u ON u.id = m.user_id
  WHERE m.merchant_id = $1 AND (m.role = 'OWNER' OR m.user_id = $2 OR m.id = $3 OR u.email_key = $4)`;

const OFFERS = `
  SELECT id AS "invitationId", email, email_key AS "emailKey", role, invited_by AS "invitedBy" FROM invitation
  WHERE merchant_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2`;

/** $6 paying roles, $7 now. Who is given such a role, access or a project begins anew to be one who agrees to payouts. */
const SAVE_MEMBER = `
  UPDATE member SET role = $2::"Role", restricted = $3, project_ids = $4::uuid[], disabled_at = $5,
    paying_since = CASE
      WHEN role = ANY($6::text[]::"Role"[]) AND disabled_at IS NULL
        AND (NOT restricted OR ($3 AND project_ids @> $4::uuid[])) THEN paying_since
      ELSE $7 END
  WHERE id = $1`;

const REVOKE = 'UPDATE invitation SET revoked_at = $2 WHERE id = ANY($1::uuid[])';

const INVITE = `
  INSERT INTO invitation (id, merchant_id, email, email_key, role, restricted, project_ids, token_hash, invited_by,
    created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5::"Role", $6, $7, $8, $9, $10, $11)`;

const OPEN_INVITATION = `
  SELECT i.id, i.merchant_id AS "merchantId", m.name AS "merchantName", i.email, i.role,
    EXISTS (SELECT FROM "user" u WHERE u.email_key = i.email_key AND u.email_confirmed_at IS NOT NULL) AS "hasAccount"
  FROM invitation i JOIN merchant m ON m.id = i.merchant_id AND m.closed_at IS NULL
  WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2`;

export function createTeamStore(pool: Pool): TeamStore {
  const place = async (text: string, id: string): Promise<TeamPlace | null> => {
    const { rows } = await pool.query<TeamPlace>(text, [id]);
    return rows[0] ?? null;
  };

  return {
    memberPlace: (memberId) => place(MEMBER_PLACE, memberId),
    invitationPlace: (invitationId) => place(INVITATION_PLACE, invitationId),

    async projectsAmong(merchantId, projectIds) {
      const { rows } = await pool.query<{ id: string }>(PROJECTS_AMONG, [merchantId, projectIds]);
      return rows.map(({ id }) => id);
    },

    changeTeam: (merchantId, question, at, decide) =>
      inTransaction(pool, async (client) => {
        const team = await readTeam(client, merchantId, question, at);
        if (!team) return null;
        const decision = decide(team);
        if (!decision.ok) return decision;
        await write(client, merchantId, decision.value, at);
        return { ok: true, value: null };
      }),

    async openInvitation(tokenHash, at) {
      const { rows } = await pool.query<OpenInvitation>(OPEN_INVITATION, [tokenHash, at]);
      return rows[0] ?? null;
    },

    join: (request, eventsFor) => join(pool, request, eventsFor),
  };
}

async function readTeam(
  client: PoolClient,
  merchantId: string,
  { userId, memberId, emailKey }: TeamQuestion,
  at: Date,
): Promise<Team | null> {
  const merchant = await client.query<{ name: string }>(LOCK_MERCHANT, [merchantId]);
  if (!merchant.rows[0]) return null;
  const asked = [merchantId, userId, memberId ?? null, emailKey ?? null];
  const members = await client.query<TeamMember>(MEMBERS, asked);
  const offers = await client.query<Offer>(OFFERS, [merchantId, at]);
  return { merchantName: merchant.rows[0].name, members: members.rows, offers: offers.rows };
}

async function write(
  client: PoolClient,
  merchantId: string,
  { saved = [], removed = [], revoked = [], invited, events }: TeamWrite,
  at: Date,
): Promise<void> {
  for (const { memberId, role, projectIds, disabledAt } of saved) {
    const saves = [memberId, role, projectIds !== null, projectIds ?? [], disabledAt, PAYING_ROLES, at];
    await client.query(SAVE_MEMBER, saves);
  }
  if (removed.length > 0) {
    await client.query('DELETE FROM member WHERE id = ANY($1::uuid[])', [removed.map((m) => m.memberId)]);
  }
  if (revoked.length > 0) await client.query(REVOKE, [revoked.map((offer) => offer.invitationId), at]);
  if (invited) await client.query(INVITE, invitationValues(merchantId, invited, at));
  await writeEvents(client, events);
}

const invitationValues = (merchantId: string, invitation: NewInvitation, at: Date): unknown[] => [
  invitation.id,
  merchantId,
  invitation.email,
  invitation.emailKey,
  invitation.role,
  invitation.projectIds !== null,
  invitation.projectIds ?? [],
  invitation.tokenHash,
  invitation.invitedBy,
  at,
  invitation.expiresAt,
];
