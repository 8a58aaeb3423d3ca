import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import type { EventData } from '../../domain/event/event.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Idempotency } from '../ports/invoice-store.ts';
import type { RefundStore, ShopName } from '../ports/refund-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { payerMail } from './payer-mail.ts';

/** What tokens of claim links are made for. */
export type ClaimPurpose = 'REFUND_CLAIM' | 'REBOUND_CLAIM';

/** A link by which a payer says where money is to go: single use, and good for 30 days (FEATURES G2). */
export interface ClaimLink {
  /** The token is made from it when the mail is sent; only its hash is kept. */
  readonly tokenId: string;
  readonly tokenHash: Uint8Array;
  readonly expiresAt: Date;
}

const CLAIM_MS = 30 * 24 * 3_600_000;

export function newClaimLink(
  purpose: ClaimPurpose,
  { secrets, ids }: { readonly secrets: Pick<Secrets, 'derive'>; readonly ids: IdSource },
  at: Date,
): ClaimLink {
  const tokenId = ids.next();
  return {
    tokenId,
    tokenHash: secrets.derive(purpose, tokenId).hash,
    expiresAt: new Date(at.getTime() + CLAIM_MS),
  };
}

/** What the mail with the link says besides the money. */
export const claimMail = (
  { tokenId, expiresAt }: ClaimLink,
  customerEmail: string,
  shop: ShopName,
): EventData => ({ tokenId, expiresAt: expiresAt.toISOString(), ...payerMail(customerEmail, shop) });

/**
 * The address that a link is to be sent to: the one named, or the one that is known. Another spelling of the known one
 * may be another inbox: what counts as known is what is known.
 */
export function claimInbox(named: string | null | undefined, known: string | null): Result<string> {
  const email = (named ?? known)?.trim();
  if (email === undefined)
    return refuse('INVALID_INPUT', 'No address of the payer is known: name one.', 'email');
  if (!isEmail(email)) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
  return done(known !== null && emailKeyOf(email) === emailKeyOf(known) ? known : email);
}

/** What a resend with this key came to before; null for one that is new. */
export async function resentBefore(
  keys: Pick<RefundStore, 'usedBefore'>,
  idempotency: Idempotency | null,
): Promise<Result<{ resultId: string }> | null> {
  const first = idempotency && (await keys.usedBefore(idempotency));
  if (!first) return null;
  return first.kind === 'replayed'
    ? done({ resultId: first.resultId })
    : refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input.', 'idempotencyKey');
}

/** Who chose the inbox, where it is another one than the one that is known: the invoice's, or one that was named before. */
export function namedBy(actor: Actor, inbox: string, known: string | null): { inboxNamedBy?: string } {
  const { id } = eventActor(actor);
  return id === null || (known !== null && emailKeyOf(inbox) === emailKeyOf(known))
    ? {}
    : { inboxNamedBy: id };
}

/**
 * The gateway is nobody's bulk mailer: neither one claim, nor an inbox, nor a merchant is without bounds. An inbox is counted
 * by merchant and mode: nobody can keep another shop's payer from being asked.
 */
export async function takeClaimMail(
  limits: AttemptLimits,
  of: { readonly id: string; readonly merchantId: string; readonly mode: 'TEST' | 'LIVE' },
  email: string,
  at: Date,
): Promise<Result<never> | null> {
  const ofMerchant = of.mode === 'TEST' ? 'invoice_mail_test' : 'invoice_mail_merchant';
  return (
    (await takeAttempt(limits, 'invoice_mail', { account: of.id }, at)) ??
    (await takeAttempt(
      limits,
      'invoice_mail_inbox',
      { account: `${of.merchantId} ${of.mode} ${emailKeyOf(email)}` },
      at,
    )) ??
    (await takeAttempt(limits, ofMerchant, { account: of.merchantId }, at))
  );
}
