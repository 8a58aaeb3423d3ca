import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { ModeEnum } from '../money/money.types.ts';
import { balancePlace } from './balance-place.ts';
import { BalanceType, readBalances } from './balance.types.ts';

builder.queryFields((t) => ({
  balances: t.withAuth({ authenticated: true }).field({
    type: [BalanceType],
    description: 'Balances of a merchant in one mode, one row an asset or settlement currency.',
    args: {
      merchantId: t.arg.globalID({ for: [Merchant], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    },
    resolve: (_root, args, context) => readBalances(context, balancePlace(context.actor, args)),
  }),
}));
