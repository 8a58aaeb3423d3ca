import type { Pool } from 'pg';
import type { Role } from '../../../src/domain/access/actor.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { insertUser } from '../../testkit/people.ts';
import { inserted } from './inserted.ts';
import { insertPayoutThings, type PayoutsOwned, type PayoutThings } from './payout-things.ts';

/** Things of a merchant that are straight in the tables. Ids are global ones. */
export interface Things extends PayoutThings {
  /** The owner's own membership. */
  readonly ownerMemberId: string;
  readonly viewerMemberId: string;
  readonly disabledMemberId: string;
  /** Revoked: nothing can be done to it any more. */
  readonly invitationId: string;
  readonly withdrawalAddressId: string;
  readonly removedAddressId: string;
  /** Removed. */
  readonly bankAccountId: string;
  /** Disabled. */
  readonly autoWithdrawalId: string;
  /** Decided. */
  readonly currencyRequestId: string;
  readonly twoFactorResetRequestId: string;
  readonly ownerSessionId: string;
  readonly revokedKeyId: string;
  readonly archivedProjectId: string;
  /** The owner's. */
  readonly ownerViewId: string;
  /** A chat that the owner connected to the merchant bot. */
  readonly ownerChatId: string;
  readonly unmatchedTransferId: string;
  readonly custodyCheckId: string;
  readonly feeScheduleId: string;
  /** Of TEST mode and blocked. */
  readonly testWalletId: string;
  /** Of LIVE mode and active. */
  readonly liveWalletId: string;
  /** Of TEST mode and disabled. */
  readonly testLinkId: string;
  readonly liveLinkId: string;
  /** Of TEST mode and disabled. */
  readonly testEndpointId: string;
  readonly liveEndpointId: string;
  /** To the endpoint of TEST mode, given up. */
  readonly testWebhookId: string;
  /** A message to the owner that failed. */
  readonly ownerDeliveryId: string;
}

interface Owned extends PayoutsOwned {
  readonly ownerId: string;
}

/** Puts one of each into the tables. */
export async function insertThings(pool: Pool, owned: Owned): Promise<Things> {
  const merchantId = rowIdOf(owned.merchantId);
  const projectId = rowIdOf(owned.projectId);
  const ownerId = rowIdOf(owned.ownerId);
  const testEndpointId = await insertEndpoint(pool, merchantId, projectId, 'TEST', 'DISABLED');
  return {
    ownerMemberId: await found(pool, 'Member', 'SELECT id FROM member WHERE user_id = $1', [ownerId]),
    viewerMemberId: await insertMember(pool, merchantId, 'VIEWER'),
    disabledMemberId: await insertMember(pool, merchantId, 'VIEWER', { disabledAt: new Date() }),
    invitationId: await inserted(
      pool,
      'Invitation',
      `INSERT INTO invitation (id, merchant_id, email, email_key, role, token_hash, invited_by, created_at,
         expires_at, revoked_at)
       VALUES ($1, $2, 'new@ours.example', 'new@ours.example', 'VIEWER', sha256($1::uuid::text::bytea), $3, now(), now(), now())`,
      [merchantId, ownerId],
    ),
    withdrawalAddressId: await insertAddress(pool, merchantId, null),
    removedAddressId: await insertAddress(pool, merchantId, new Date()),
    bankAccountId: await inserted(
      pool,
      'BankAccount',
      `INSERT INTO bank_account (id, merchant_id, currency, holder, account, country, created_at, usable_at, removed_at)
       VALUES ($1, $2, 'EUR', 'Acme Ltd', 'DE89370400440532013000', 'DE', now(), now(), now())`,
      [merchantId],
    ),
    autoWithdrawalId: await inserted(
      pool,
      'AutoWithdrawal',
      `INSERT INTO auto_withdrawal (id, merchant_id, asset, network, address, threshold, created_by, created_at,
         disabled_at, disabled_why)
       VALUES ($1, $2, 'USDT', 'ETHEREUM', 'nowhere', 1, $3, now(), now(), 'BY_MEMBER')`,
      [merchantId, ownerId],
    ),
    currencyRequestId: await inserted(
      pool,
      'CurrencyRequest',
      `INSERT INTO currency_request (id, merchant_id, currency, reason, status, created_at, decided_at)
       VALUES ($1, $2, 'EUR', 'We moved.', 'REJECTED', now(), now())`,
      [merchantId],
    ),
    twoFactorResetRequestId: await inserted(
      pool,
      'TwoFactorResetRequest',
      `INSERT INTO two_factor_reset_request (id, user_id, reason, status, created_at, decided_at)
       VALUES ($1, $2, 'The phone is lost.', 'REJECTED', now(), now())`,
      [ownerId],
    ),
    ownerSessionId: await found(pool, 'Session', 'SELECT id FROM session WHERE user_id = $1', [ownerId]),
    revokedKeyId: await inserted(
      pool,
      'ApiKey',
      `INSERT INTO api_key (id, merchant_id, project_id, mode, kind, scopes, name, prefix, token_hash, created_at,
         revoked_at)
       VALUES ($1, $2, $3, 'TEST', 'SECRET', '{}', 'revoked', 'pbsk_test_gone', sha256($1::uuid::text::bytea), now(), now())`,
      [merchantId, projectId],
    ),
    archivedProjectId: await inserted(
      pool,
      'Project',
      `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at, archived_at)
       VALUES ($1, $2, 'Archived', 'ACTIVE', 900, now(), now())`,
      [merchantId],
    ),
    ownerViewId: await inserted(
      pool,
      'SavedView',
      `INSERT INTO saved_view (id, user_id, merchant_id, list, name, columns, filter, created_at)
       VALUES ($1, $2, $3, 'INVOICES', 'Open', '{id}', '{}', now())`,
      [ownerId, merchantId],
    ),
    ownerChatId: await inserted(
      pool,
      'TelegramLink',
      `INSERT INTO telegram_link (id, bot, user_id, merchant_id, chat_id, token_hash, token_expires_at, created_at,
         connected_at)
       VALUES ($1, 'MERCHANT', $2, $3, 990000001, sha256($1::uuid::text::bytea), now(), now(), now())`,
      [ownerId, merchantId],
    ),
    unmatchedTransferId: await inserted(
      pool,
      'UnmatchedTransfer',
      `INSERT INTO unmatched_transfer (id, network, tx_id, output_index, contract, amount, address, address_network,
         reason, block_height, block_hash, seen_at)
       VALUES ($1, 'ETHEREUM', '0x7', 0, '0xToken', 5, '0xAddress', 'ETHEREUM', 'UNKNOWN_TOKEN', 1, '0x1', now())`,
      [],
    ),
    custodyCheckId: await inserted(
      pool,
      'CustodyCheck',
      `INSERT INTO custody_check (id, network, asset, ledger, chain, height, at)
       VALUES ($1, 'ETHEREUM', 'USDC', 5, 4, 1, now())`,
      [],
    ),
    feeScheduleId: await inserted(
      pool,
      'FeeSchedule',
      `INSERT INTO fee_schedule (id, merchant_id, basis_points, updated_at) VALUES ($1, $2, 100, now())`,
      [merchantId],
    ),
    testWalletId: await insertWallet(pool, merchantId, projectId, 'TEST', 'BLOCKED'),
    liveWalletId: await insertWallet(pool, merchantId, projectId, 'LIVE', 'ACTIVE'),
    testLinkId: await insertLink(pool, merchantId, projectId, 'TEST', new Date()),
    liveLinkId: await insertLink(pool, merchantId, projectId, 'LIVE', null),
    testEndpointId,
    liveEndpointId: await insertEndpoint(pool, merchantId, projectId, 'LIVE', 'ENABLED'),
    testWebhookId: await insertWebhook(pool, merchantId, projectId, rowIdOf(testEndpointId)),
    ...(await insertPayoutThings(pool, owned)),
    ownerDeliveryId: await inserted(
      pool,
      'Delivery',
      `INSERT INTO delivery (id, event_id, channel, target, user_id, event_type, status, attempts, last_error, created_at)
       VALUES ($1, $1, 'EMAIL', 'owner@ours.example', $2, 'user.password_changed', 'FAILED', 9, 'refused', now())`,
      [ownerId],
    ),
  };
}

const insertWallet = (
  pool: Pool,
  merchantId: string,
  projectId: string,
  mode: 'TEST' | 'LIVE',
  status: 'ACTIVE' | 'BLOCKED',
): Promise<string> =>
  inserted(
    pool,
    'StaticWallet',
    `INSERT INTO static_wallet (id, merchant_id, project_id, mode, network, customer_ref, address, status, created_at)
     VALUES ($1, $2, $3, $4::"Mode", 'ETHEREUM', 'matrix', 'nowhere', $5::"StaticWalletStatus", now())`,
    [merchantId, projectId, mode, status],
  );

const insertLink = (
  pool: Pool,
  merchantId: string,
  projectId: string,
  mode: 'TEST' | 'LIVE',
  disabledAt: Date | null,
): Promise<string> =>
  inserted(
    pool,
    'PaymentLink',
    `INSERT INTO payment_link (id, merchant_id, project_id, mode, title, currency, created_at, disabled_at)
     VALUES ($1, $2, $3, $4::"Mode", 'Matrix', 'USD', now(), $5)`,
    [merchantId, projectId, mode, disabledAt],
  );

const insertEndpoint = (
  pool: Pool,
  merchantId: string,
  projectId: string,
  mode: 'TEST' | 'LIVE',
  status: 'ENABLED' | 'DISABLED',
  host = 'shop.example',
): Promise<string> =>
  inserted(
    pool,
    'WebhookEndpoint',
    `INSERT INTO webhook_endpoint (id, merchant_id, project_id, mode, url, types, payload_version, status,
       disabled_reason, disabled_at, created_at)
     VALUES ($1, $2, $3, $4::"Mode", 'https://' || $6 || '/', '{endpoint.test}', '2026-11-21', $5::"WebhookStatus",
       CASE WHEN $5 = 'DISABLED' THEN 'BY_HAND'::"WebhookDisabledReason" END,
       CASE WHEN $5 = 'DISABLED' THEN now() END, now())`,
    [merchantId, projectId, mode, status, host],
  );

/** An endpoint of TEST mode that whoever may do so can remove: nobody counts on it. */
export const endpointToLose = (
  pool: Pool,
  { merchantId, projectId }: Pick<Owned, 'merchantId' | 'projectId'>,
): Promise<string> => insertEndpoint(pool, rowIdOf(merchantId), rowIdOf(projectId), 'TEST', 'ENABLED', LOST);

const insertWebhook = (
  pool: Pool,
  merchantId: string,
  projectId: string,
  endpointId: string,
): Promise<string> =>
  inserted(
    pool,
    'WebhookDelivery',
    `INSERT INTO delivery (id, event_id, channel, target, merchant_id, project_id, mode, event_type, endpoint_id, status,
       created_at)
     VALUES ($1, $1, 'WEBHOOK', $4::uuid::text, $2, $3, 'TEST', 'invoice.created', $4::uuid, 'FAILED', now())`,
    [merchantId, projectId, endpointId],
  );

/** A new person in the merchant; gives the global id of the membership. */
async function insertMember(
  pool: Pool,
  merchantId: string,
  role: Role,
  { disabledAt = null, domain = 'matrix.example' }: { disabledAt?: Date | null; domain?: string } = {},
): Promise<string> {
  const userId = await insertUser(pool, `${crypto.randomUUID()}@${domain}`);
  return inserted(
    pool,
    'Member',
    `INSERT INTO member (id, merchant_id, user_id, role, created_at, disabled_at)
     VALUES ($1, $2, $3, $4::"Role", now(), $5)`,
    [merchantId, userId, role, disabledAt],
  );
}

/** Where those have their addresses who are made to be removed. */
export const LOST = 'lost.example';

/** A member whom whoever may do so can remove: nobody counts on it. */
export const memberToLose = (pool: Pool, merchantId: string): Promise<string> =>
  insertMember(pool, merchantId, 'VIEWER', { domain: LOST });

const insertAddress = (pool: Pool, merchantId: string, removedAt: Date | null): Promise<string> =>
  inserted(
    pool,
    'WithdrawalAddress',
    `INSERT INTO withdrawal_address (id, merchant_id, network, address, label, created_at, usable_at, removed_at)
     VALUES ($1, $2, 'ETHEREUM', '0x' || repeat('ab', 20), 'Cold', now(), now(), $3)`,
    [merchantId, removedAt],
  );

async function found(pool: Pool, type: string, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(sql, values);
  const [row] = rows;
  if (!row) throw new Error(`the world has no ${type}`);
  return globalIdOf(type, row.id);
}
