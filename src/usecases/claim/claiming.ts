import type { AnonymousActor } from '../../domain/access/actor.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AddressFormats } from '../ports/address-formats.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { PayoutPayees } from '../ports/payout-payees.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import type { Claim, ClaimOffer, ClaimShow } from './claim.ts';

export interface ClaimingDeps {
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly formats: AddressFormats;
  readonly payees: Pick<PayoutPayees, 'whoIsGone'>;
  readonly limits: AttemptLimits;
  readonly clock: Clock;
}

/** A kind of thing that payers claim. */
export interface Claimable<T> {
  /** The one that the token with this hash opens, if it can be claimed at that moment. */
  find(tokenHash: Uint8Array, at: Date): Promise<T | null>;
  offerOf(it: T): Promise<ClaimOffer>;
  /** Writes the address and uses the link up. False when somebody was faster. */
  claim(it: T, address: string, actor: AnonymousActor, at: Date): Promise<boolean>;
}

/** Whether a key that was revoked since asked for it or named the inbox: what it mailed may be in a stranger's hands. */
export const isOfRevokedKey = async (
  payees: ClaimingDeps['payees'],
  origin: 'REFUND' | 'REBOUND',
  {
    id: sourceId,
    merchantId,
    projectId,
    createdBy,
  }: Pick<Payout, 'id' | 'merchantId' | 'projectId' | 'createdBy'>,
): Promise<boolean> => {
  const gone = await payees.whoIsGone({ merchantId, projectId, origin, sourceId, createdBy });
  return gone === 'KEY_REVOKED';
};

/** Its payer is not asked again: call it off, and ask anew. */
export const ofRevokedKey = () =>
  refuse('WRONG_STATE', 'The API key that asked for this, or named the inbox, was revoked: ask for it anew.');

const notValid = () => refuse('INVALID_TOKEN', 'This link is not valid any more.', 'token');

export const showClaim =
  <T>({ secrets, limits, clock }: ClaimingDeps, { find, offerOf }: Claimable<T>): ClaimShow =>
  async (actor, token) => {
    const at = clock.now();
    const limited = await takeAttempt(limits, 'token', { client: clientOf(actor) }, at);
    if (limited) return limited;
    const it = await find(secrets.hash(token), at);
    return it ? done(await offerOf(it)) : notValid();
  };

export const makeClaim =
  <T>({ secrets, formats, limits, clock }: ClaimingDeps, { find, offerOf, claim }: Claimable<T>): Claim =>
  async (actor, { token, address: typed, confirmed }) => {
    const at = clock.now();
    const limited = await takeAttempt(limits, 'token', { client: clientOf(actor) }, at);
    if (limited) return limited;
    const it = await find(secrets.hash(token), at);
    if (!it) return notValid();
    const offer = await offerOf(it);
    const address = readAddress(formats, offer, typed);
    if (!address.ok) return address;
    if (!confirmed) return done({ ...offer, address: address.value, claimed: false });
    return (await claim(it, address.value, actor, at))
      ? done({ ...offer, address: address.value, claimed: true })
      : notValid();
  };

const MAX_ADDRESS = 200;

function readAddress(formats: AddressFormats, { network }: ClaimOffer, typed: string): Result<string> {
  const text = typed.trim();
  const address = text.length > MAX_ADDRESS ? null : formats.canonical(network, text);
  return address === null
    ? refuse('INVALID_INPUT', 'This is no address that can be paid on this network.', 'address')
    : done(address);
}
