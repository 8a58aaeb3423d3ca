import { eventActor, SYSTEM } from '../../domain/access/actor.ts';
import type { Event } from '../../domain/event/event.ts';
import {
  failuresAfter,
  hasFailedTooOften,
  ruleDisabled,
  ruleWait,
  type AutoWithdrawal,
  type RuleStep,
  type RuleWait,
} from '../../domain/payout/auto-withdrawal.ts';
import type { PayoutByRule, RulePayout } from '../payout/payout-by-rule.ts';
import type { AutoWithdrawalWork, RuleChange } from '../ports/auto-withdrawal-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed, EventLog } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Logger } from '../ports/logger.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import { stampEvent } from '../stamp-event.ts';

export interface AutoWithdrawalsFollowDeps {
  readonly log: Pick<EventLog, 'tail'>;
  readonly work: AutoWithdrawalWork;
  readonly payouts: Pick<PayoutStore, 'available'>;
  readonly payoutByRule: PayoutByRule;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
  readonly logger: Logger;
}

/**
 * Reads events, at most `limit`, and carries out the rules of those whose money was credited; true when there may be more
 * (FEATURES F3). A rule is looked at once a batch, and again each hour while it waits for the end of a hold, of a cool-off
 * or of the day. Dies this half-way, the batch is read again: payouts that were made are found by their cause or because
 * they are open, failures are counted together with the reading.
 */
export type AutoWithdrawalsFollow = (limit: number) => Promise<boolean>;

export const autoWithdrawalsFollow =
  (deps: AutoWithdrawalsFollowDeps): AutoWithdrawalsFollow =>
  async (limit) => {
    const { log, work, clock, feed } = deps;
    const from = await work.cursor();
    const { events } = await log.tail(from, limit);
    const due = await work.dueAt(clock.now(), DUE_AT_ONCE);
    const to = events.at(-1)?.position ?? from;
    const told = events.filter(concernsRules);
    const merchantIds = [...new Set(told.flatMap(({ merchantId }) => merchantId ?? []))];
    const active = merchantIds.length > 0 ? await work.activeOf(merchantIds) : [];
    const changes: RuleChange[] = [];
    for (const rule of new Map([...due, ...active].map((one) => [one.id, one])).values()) {
      const about = told.filter((event) => isAbout(event, rule));
      const change = await carryOut(deps, rule, about);
      if (change) changes.push(change);
    }
    if (events.length === 0 && changes.length === 0) return false;
    const moved = await work.advance(from, to, changes, clock.now());
    if (moved && changes.length > 0) feed.poke();
    return events.length === limit || due.length === DUE_AT_ONCE;
  };

/** Rules that wait are looked at in such portions. */
const DUE_AT_ONCE = 100;

const concernsRules = ({ type, mode, data }: Event): boolean =>
  mode === 'LIVE' && (isCredit(type) || (ENDED[type] !== undefined && data['origin'] === 'AUTO_WITHDRAWAL'));

const isCredit = (type: string): boolean => type === 'payment.credited' || type === 'deposit.credited';

/** How payouts of rules end; one that members call off or refuse is no failure of the rule. */
const ENDED: Readonly<Partial<Record<string, RuleStep>>> = {
  'payout.confirmed': 'ARRIVED',
  'payout.failed': 'FAILED',
};

/** What was credited may be in another asset: the rule looks at the balance of its own. */
const isAbout = ({ type, merchantId, data }: Event, rule: AutoWithdrawal): boolean =>
  merchantId === rule.merchantId && (isCredit(type) || data['currency'] === rule.asset);

async function carryOut(
  deps: AutoWithdrawalsFollowDeps,
  rule: AutoWithdrawal,
  events: readonly Event[],
): Promise<RuleChange | null> {
  const steps = events.flatMap(({ type }) => ENDED[type] ?? []);
  // After a failure it waits for the next credit; after an arrival there may be more already.
  const cause = events.findLast(({ type }) => ENDED[type] !== 'FAILED');
  const isDue = rule.waits !== null && rule.waits.lookAt <= deps.clock.now();
  const isLookedAt = cause !== undefined || isDue;
  const seen =
    isLookedAt && !hasFailedTooOften(failuresAfter(rule.failures, steps))
      ? await look(deps, rule, cause?.id ?? null)
      : null;
  const refusal = seen?.kind === 'refused' ? seen.reason : null;
  const failures = failuresAfter(rule.failures, refusal === null ? steps : [...steps, 'FAILED']);
  const waits = isLookedAt ? waitAfter(seen, deps.clock.now()) : rule.waits;
  if (failures === rule.failures && waits === rule.waits) return null;
  if (!hasFailedTooOften(failures)) return { rule, failures, waits, disabled: null };
  const draft = ruleDisabled(rule, 'FAILING', refusal ?? 'PAYOUT_FAILED');
  const stamp = { id: deps.ids.next(), actor: eventActor(SYSTEM), at: deps.clock.now() };
  return { rule, failures, waits: null, disabled: stampEvent(draft, stamp) };
}

const waitAfter = (seen: RulePayout | null, at: Date): RuleWait | null =>
  seen?.kind === 'waits' && seen.passesWithTime ? ruleWait(seen.reason, at) : null;

/** Asks for the payout when it is due; null when it is not. */
async function look(
  { work, payouts, payoutByRule, logger }: AutoWithdrawalsFollowDeps,
  rule: AutoWithdrawal,
  causeId: string | null,
): Promise<RulePayout | null> {
  if (await work.isBusy(rule, causeId)) return null;
  const available = await payouts.available(rule.merchantId, 'LIVE', rule.asset);
  if (available < rule.threshold) return null;
  try {
    return await payoutByRule(rule, { available, causeId });
  } catch (error) {
    // One rule that cannot be carried out must not hold up the others.
    logger.error({ err: error, autoWithdrawalId: rule.id }, 'an automatic withdrawal failed');
    return { kind: 'refused', reason: 'FAULT' };
  }
}
