import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import type { EventDraft } from '../../domain/event/event.ts';
import { closingConditions, mayClose, type ClosingFacts } from '../../domain/merchant/closing.ts';
import type { ClosedMerchant } from '../ports/merchant-store.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { NO_MERCHANT, type MerchantDeps } from './merchant-change.ts';
import { merchantEvent } from './merchant-event.ts';

/**
 * Closes an account for good (FEATURES A13): its keys end, its projects are archived, and nobody sees it any more.
 * Refuses with CLOSING_CONDITIONS_UNMET and the conditions while one is not met.
 */
export type MerchantClose = (
  actor: UserActor,
  input: { readonly merchantId: string },
) => Promise<Result<{ merchantId: string }>>;

export const merchantClose =
  ({ merchants, ids, clock, feed }: MerchantDeps): MerchantClose =>
  async (actor, { merchantId }) => {
    if (!may(actor, 'merchant:close', { merchantId })) return NO_MERCHANT;
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const closed = await merchants.closeMerchant(merchantId, at, agree, (ended) =>
      drafts(merchantId, ended).map((draft) =>
        stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at }),
      ),
    );
    if (!closed) return NO_MERCHANT;
    if (!closed.ok) return closed;
    feed.poke();
    return done({ merchantId });
  };

function agree(facts: ClosingFacts): Result<null> {
  const conditions = closingConditions(facts);
  if (mayClose(conditions)) return done(null);
  const message = 'The account cannot be closed yet.';
  return { ok: false, refusal: { code: 'CLOSING_CONDITIONS_UNMET', message, conditions } };
}

const drafts = (
  merchantId: string,
  { name, apiKeys, projects, invitations }: ClosedMerchant,
): readonly EventDraft[] => [
  ...apiKeys.map((key): EventDraft => {
    const { id, projectId, mode, kind, name, prefix, projectName } = key;
    const data = { name, kind, prefix, projectName };
    return { type: 'api_key.revoked', merchantId, projectId, mode, subject: { type: 'API_KEY', id }, data };
  }),
  ...projects.map(({ id, name }): EventDraft => ({
    type: 'project.archived',
    merchantId,
    projectId: id,
    mode: null,
    subject: { type: 'PROJECT', id },
    data: { name },
  })),
  ...invitations.map(({ id, email }): EventDraft => ({
    type: 'member.invitation_revoked',
    merchantId,
    projectId: null,
    mode: null,
    subject: { type: 'INVITATION', id },
    data: { email },
  })),
  merchantEvent('merchant.closed', merchantId, { merchantName: name }),
];
