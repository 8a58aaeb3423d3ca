import type { Pool } from 'pg';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { ResetFiling, TwoFactorResetStore } from '../../usecases/ports/two-factor-reset-store.ts';
import { writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { endSessions } from './session-ending.ts';
import { removeTotp } from './totp-removal.ts';
import { inTransaction } from './transaction.ts';

const ADD_LINK = `
  INSERT INTO user_token (id, user_id, purpose, token_hash, created_at, expires_at)
  VALUES ($1, $2, 'TWO_FACTOR_RESET', $3, $4, $5)`;

/** The link of a person who signs in without authenticator by now has nothing to ask for. */
const USE_LINK = `
  UPDATE user_token SET used_at = $2
  WHERE token_hash = $1 AND purpose = 'TWO_FACTOR_RESET' AND used_at IS NULL AND expires_at > $2
    AND EXISTS (SELECT FROM totp WHERE totp.user_id = user_token.user_id AND enabled_at IS NOT NULL)
  RETURNING user_id AS "userId"`;

const FILE = `
  INSERT INTO two_factor_reset_request (id, user_id, reason, created_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (user_id) WHERE status = 'PENDING' DO NOTHING`;

/** `lost`: whether the authenticator of the time of the request is on still. */
const REQUEST = `
  SELECT r.user_id AS "userId", r.status, EXISTS (
      SELECT FROM totp t WHERE t.user_id = r.user_id AND t.enabled_at <= r.created_at
    ) AS lost, EXISTS (SELECT FROM operator o WHERE o.user_id = r.user_id) AS "ofOperator"
  FROM two_factor_reset_request r WHERE r.id = $1 FOR UPDATE`;

const DECIDE = `
  UPDATE two_factor_reset_request
  SET status = $2::"RequestStatus", answer = $3, decided_by = $4, decided_at = $5
  WHERE id = $1 AND status = 'PENDING'`;

interface ResetRequest {
  readonly userId: string;
  readonly status: string;
  readonly lost: boolean;
  readonly ofOperator: boolean;
}

/** Undoes the use of the link. */
class RequestPending extends Error {
  override readonly name = 'RequestPending';
}

export function createTwoFactorResetStore(pool: Pool, ids: IdSource): TwoFactorResetStore {
  return {
    addLink: ({ id, userId, tokenHash, at, expiresAt }, event) =>
      inTransaction(pool, async (client) => {
        await client.query({ text: ADD_LINK, values: [id, userId, tokenHash, at, expiresAt] });
        await writeEvents(client, event ? [event] : []);
      }),

    async fileRequest({ id, tokenHash, reason, at }, eventFor): Promise<ResetFiling> {
      try {
        return await inTransaction(pool, async (client): Promise<ResetFiling> => {
          const used = await client.query<{ userId: string }>({ text: USE_LINK, values: [tokenHash, at] });
          const userId = used.rows[0]?.userId;
          if (userId === undefined) return { outcome: 'invalid_token' };
          const filed = await client.query({ text: FILE, values: [id, userId, reason, at] });
          if (filed.rowCount !== 1) throw new RequestPending();
          await writeEvents(client, [eventFor(userId)]);
          return { outcome: 'filed', userId };
        });
      } catch (error) {
        if (error instanceof RequestPending) return { outcome: 'pending' };
        throw error;
      }
    },

    decide: ({ requestId, decision, answer, operatorId, managesOperators, at }, eventsFor) =>
      inTransaction(pool, async (client) => {
        const found = await client.query<ResetRequest>({ text: REQUEST, values: [requestId] });
        const [request] = found.rows;
        if (!request) return 'not_found';
        if (request.status !== 'PENDING') return 'not_pending';
        const { userId } = request;
        if (userId === operatorId) return 'own';
        if (request.ofOperator && !managesOperators) return 'of_operator';
        if (decision === 'APPROVED' && !request.lost) return 'moot';
        await client.query({ text: DECIDE, values: [requestId, decision, answer, operatorId, at] });
        const ended: string[] = [];
        if (decision === 'APPROVED') {
          await removeTotp(client, userId);
          ended.push(...(await endSessions(client, { userId, except: null, at })));
          await startHold(client, ids, { userId, merchantId: null, reason: 'TWO_FACTOR_RESET', at });
        }
        await writeEvents(client, eventsFor(userId, ended));
        return 'decided';
      }),
  };
}
