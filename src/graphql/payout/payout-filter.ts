import { z } from 'zod';
import { modeFor, type Mode } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { hasWaited } from '../../domain/payout/payout-consent.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import type { Payout as PayoutRow, Prisma } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { createdBetween } from '../core/created-between.ts';
import { forbidden } from '../core/errors.ts';
import { given } from '../core/given.ts';
import { partOf, type PagePart } from '../core/keyset-page.ts';
import { CurrencyCodeEnum, NetworkCodeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { PayoutOriginEnum, PayoutStatusEnum } from './payout.types.ts';

const text = (max: number) =>
  z.string().min(1).max(max).refine(isPlainText, 'This is no text that a payout can have.');

export const PayoutFilter = builder.inputType('PayoutFilter', {
  description: 'Which payouts to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: [PayoutStatusEnum], description: 'Any of these statuses.' }),
    currency: t.field({ type: CurrencyCodeEnum, description: 'In this currency.' }),
    network: t.field({ type: NetworkCodeEnum, description: 'Over this network.' }),
    origin: t.field({ type: [PayoutOriginEnum], description: 'Asked for by any of these paths.' }),
    projectId: t.globalID({ for: [Project], description: 'Of this project.' }),
    address: t.string({ description: 'To exactly this address, as payouts show it.', validate: text(128) }),
    reference: t.string({ description: 'With exactly this reference of yours.', validate: text(140) }),
    txId: t.string({ description: 'Carried by exactly this transaction.', validate: text(128) }),
    batchId: t.globalID({ description: 'Asked for in this batch.' }),
    needsMyApproval: t.boolean({
      description:
        'With true: only those that wait for members, and could be approved by you: somebody else asked for them, you ' +
        'have not agreed yet, and are no new member who waits. Those that a hold keeps back are among them.',
    }),
    createdFrom: t.field({ type: 'DateTime', description: 'Asked for at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Asked for before this moment.' }),
  }),
});

type Filter = typeof PayoutFilter.$inferInput;

/** Who asks, and by what it is read what that person may agree to. */
type Caller = Pick<GraphQLContext, 'actor' | 'prisma' | 'clock'>;

/** What is named beside the filter. */
interface NamedMerchant {
  readonly merchantId?: string | undefined;
  readonly mode?: Mode | null | undefined;
}

/**
 * What is asked for as Prisma takes it, if the caller may see it; the export reads it in the same way. Throws FORBIDDEN
 * otherwise.
 */
export async function payoutsOf(caller: Caller, named: NamedMerchant, filter: Filter) {
  const { actor } = caller;
  const key = actor.type === 'API_KEY' ? actor : null;
  const merchantId = named.merchantId ?? key?.merchantId ?? '';
  const { projectId: project, ...conditions } = filter;
  const projectId = project?.id ?? key?.projectId;
  const place = {
    merchantId,
    mode: modeFor(actor, named.mode),
    ...(projectId === undefined ? {} : { projectId }),
  };
  if (!may(actor, 'payout:read', place)) throw forbidden('There is no such merchant here.');
  const { needsMyApproval, ...exact } = conditions;
  return {
    ...place,
    ...payoutConditions(exact),
    ...(needsMyApproval ? await waitingFor(caller, place) : {}),
  };
}

/** The filter as Prisma takes it, but for the project and for what depends on the caller. */
function payoutConditions(filter: Omit<Filter, 'projectId' | 'needsMyApproval'>) {
  const { status, origin, batchId, createdFrom, createdBefore, ...exact } = given(filter);
  return {
    ...exact,
    ...(status ? { status: { in: status } } : {}),
    ...(origin ? { origin: { in: origin } } : {}),
    ...(batchId ? { batchId: batchId.id } : {}),
    ...createdBetween({ createdFrom, createdBefore }),
  };
}

/** `waitsForMember` of payouts, for Prisma. None for whoever agrees to nothing there. */
async function waitingFor({ actor, prisma, clock }: Caller, place: { merchantId: string; mode: Mode }) {
  const none = { AND: { id: { in: [] } } };
  if (actor.type !== 'USER' || !may(actor, 'payout:write', place)) return none;
  const { userId } = actor;
  const member = await prisma.member.findFirst({
    where: { merchantId: place.merchantId, userId, disabledAt: null },
    select: { payingSince: true },
  });
  if (!member || !hasWaited(place, member.payingSince, clock.now())) return none;
  return {
    AND: {
      status: 'PENDING_APPROVAL' as const,
      NOT: { makers: { has: userId } },
      approvals: { none: { userId } },
    },
  };
}

/** A part of a list of payouts, with what is selected of them (`query` of Pothos) if anything is. */
export function payoutPage(
  prisma: GraphQLContext['prisma'],
  list: Prisma.PayoutWhereInput,
  part: PagePart,
  query: object = {},
): Promise<PayoutRow[]> {
  const { bounds, ...order } = partOf(part);
  return prisma.payout.findMany({ ...query, ...order, where: { AND: [list, ...bounds] } });
}
