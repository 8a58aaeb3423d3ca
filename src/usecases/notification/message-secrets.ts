import type { Event } from '../../domain/event/event.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import type { ClaimPurpose } from '../claim/claim-link.ts';
import type { Secrets } from '../ports/secrets.ts';

/** What a message carries that no event, table or queue may hold: links and codes, made from the ids in the event. */
export type MessageSecrets = Readonly<Record<string, string>>;

export interface MessageSecretsDeps {
  readonly secrets: Pick<Secrets, 'derive' | 'deriveCode'>;
  /** Where people reach the gateway, without a slash at the end. */
  readonly publicUrl: string;
}

type Make = (event: Event, deps: MessageSecretsDeps) => MessageSecrets;

/** `it.extra('link')`: a hosted page with the token of the row whose id is in `tokenId`. */
const link =
  (page: string, purpose: string): Make =>
  (event, { secrets, publicUrl }) => {
    const { secret } = secrets.derive(purpose, idIn(event, 'tokenId'));
    return { link: `${publicUrl}${page}?token=${encodeURIComponent(secret)}` };
  };

/** `it.extra('link')`: the page where a payer says where money is to go, with the token of the id in `tokenId`. */
const claimLink =
  (page: string, purpose: ClaimPurpose): Make =>
  (event, { secrets, publicUrl }) => ({
    link: `${publicUrl}${page}${secrets.derive(purpose, idIn(event, 'tokenId')).secret}`,
  });

/** `it.extra('code')`: the digits of the row whose id is in `codeId`. */
const code =
  (purpose: string): Make =>
  (event, { secrets }) => ({ code: secrets.deriveCode(purpose, idIn(event, 'codeId')) });

const MAKERS: Partial<Record<EventType, Make>> = {
  'user.signed_up': link('/confirm', 'EMAIL_CONFIRMATION'),
  'user.password_reset_requested': link('/password-reset', 'PASSWORD_RESET'),
  'user.two_factor_reset_requested': link('/two-factor-reset', 'TWO_FACTOR_RESET'),
  'user.two_factor_code_requested': code('TWO_FACTOR_ENROLLMENT'),
  'user.email_change_requested': code('EMAIL_CHANGE'),
  'user.phone_change_requested': code('PHONE_CHANGE'),
  'invoice.sent': ({ subject }, { publicUrl }) => ({ link: `${publicUrl}/pay/${subject.id}` }),
  'refund.claim_sent': claimLink('/refund/', 'REFUND_CLAIM'),
  'rebound.claim_sent': claimLink('/rebound/', 'REBOUND_CLAIM'),
  'member.invited': link('/invitation', 'INVITATION'),
};

/** The secrets of an event's messages. Throws when the event lacks the id that they are made from. */
export const messageSecrets = (deps: MessageSecretsDeps, event: Event): MessageSecrets =>
  MAKERS[event.type]?.(event, deps) ?? {};

function idIn(event: Event, field: string): string {
  const id = event.data[field];
  if (typeof id !== 'string') throw new Error(`${event.type} without ${field}`);
  return id;
}
