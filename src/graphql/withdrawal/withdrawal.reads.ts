import { may } from '../../domain/access/rights.ts';
import type { WithdrawalHold } from '../../domain/access/withdrawal-hold.ts';
import type { GraphQLContext } from '../core/context.ts';

type Loaded = Promise<(merchantId: string) => WithdrawalHold[]>;

/** Loads under way, so that the merchants of one list are asked for together. */
const loading = new WeakMap<object, Loaded>();

/** The holds that have not ended, of the merchant and of the person who asks. */
export async function holdsOf(context: GraphQLContext, merchantId: string): Promise<WithdrawalHold[]> {
  let loaded = loading.get(context);
  if (!loaded) {
    loaded = load(context).finally(() => loading.delete(context));
    loading.set(context, loaded);
  }
  return (await loaded)(merchantId);
}

async function load({ prisma, actor, clock }: GraphQLContext): Loaded {
  if (actor.type !== 'USER') return () => [];
  const merchantIds = actor.memberships.flatMap(({ merchantId }) =>
    may(actor, 'withdrawal:read', { merchantId }) ? [merchantId] : [],
  );
  const holds = await prisma.withdrawalHold.findMany({
    where: {
      endsAt: { gt: clock.now() },
      OR: [{ merchantId: { in: merchantIds } }, { merchantId: null, userId: actor.userId }],
    },
    orderBy: { endsAt: 'desc' },
    distinct: ['merchantId'],
  });
  return (merchantId) => holds.filter((hold) => hold.merchantId === null || hold.merchantId === merchantId);
}
