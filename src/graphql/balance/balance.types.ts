import { modeFor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { currencyOf } from '../../domain/money/currencies.ts';
import type { Money } from '../../domain/money/money.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { forbidden } from '../core/errors.ts';
import { CurrencyType, ModeEnum, money, MoneyType } from '../money/money.types.ts';

const negated = ({ minorUnits, currency }: Money): Money => ({ minorUnits: -minorUnits, currency });

interface Balance {
  readonly asset: string;
  readonly PENDING: Money;
  readonly AVAILABLE: Money;
  readonly HELD: Money;
  /** At least zero; the account itself goes below. */
  readonly OWED: Money;
}

const BalanceType = builder.objectRef<Balance>('Balance').implement({
  description: 'What a merchant has, and owes, of one asset or settlement currency.',
  fields: (t) => ({
    asset: t.field({
      type: CurrencyType,
      description: 'The asset; a fiat currency where payments are settled in one.',
      resolve: ({ asset }) => currencyOf(asset),
    }),
    pending: t.field({ type: MoneyType, description: 'Seen, not confirmed.', resolve: (row) => row.PENDING }),
    available: t.field({ type: MoneyType, description: 'Free to pay out.', resolve: (row) => row.AVAILABLE }),
    held: t.field({ type: MoneyType, description: 'Waits for a decision.', resolve: (row) => row.HELD }),
    owed: t.field({
      type: MoneyType,
      description:
        'What the merchant owes: credited money that the chain took back after it was gone. Paid back by what becomes available.',
      resolve: (row) => row.OWED,
    }),
  }),
});

builder.queryFields((t) => ({
  balances: t.withAuth({ authenticated: true }).field({
    type: [BalanceType],
    description: 'Balances of a merchant in one mode, one row an asset or settlement currency.',
    args: {
      merchantId: t.arg.globalID({ for: [Merchant], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    },
    resolve: async (_root, args, { prisma, actor }) => {
      const key = actor.type === 'API_KEY' ? actor : null;
      const merchantId = args.merchantId?.id ?? key?.merchantId;
      const mode = modeFor(actor, args.mode);
      const place = { merchantId: merchantId ?? '', mode, ...(key ? { projectId: key.projectId } : {}) };
      if (!merchantId || !may(actor, 'balance:read', place))
        throw forbidden('There is no such merchant here.');
      const accounts = await prisma.ledgerAccount.findMany({
        where: { merchantId, mode },
        orderBy: { asset: 'asc' },
      });
      const assets = [...new Set(accounts.map(({ asset }) => asset))];
      return assets.map((asset): Balance => {
        const balanceOf = (kind: 'PENDING' | 'AVAILABLE' | 'HELD' | 'OWED') =>
          money(
            accounts.find((a) => a.asset === asset && a.kind === kind)?.balance ?? { toFixed: () => '0' },
            asset,
          );
        return {
          asset,
          PENDING: balanceOf('PENDING'),
          AVAILABLE: balanceOf('AVAILABLE'),
          HELD: balanceOf('HELD'),
          OWED: negated(balanceOf('OWED')),
        };
      });
    },
  }),
}));
