import type { Mode } from '../../domain/access/actor.ts';
import { currencyOf } from '../../domain/money/currencies.ts';
import type { Money } from '../../domain/money/money.ts';
import { builder } from '../core/builder.ts';
import type { LedgerAccount } from '../../generated/prisma/client.ts';
import { batched } from '../core/batched.ts';
import type { GraphQLContext } from '../core/context.ts';
import { CurrencyType, money, MoneyType } from '../money/money.types.ts';

const negated = ({ minorUnits, currency }: Money): Money => ({ minorUnits: -minorUnits, currency });

interface Balance {
  readonly asset: string;
  readonly PENDING: Money;
  readonly AVAILABLE: Money;
  readonly HELD: Money;
  /** At least zero; the account itself goes below. */
  readonly OWED: Money;
}

export const BalanceType = builder.objectRef<Balance>('Balance').implement({
  description: 'What a merchant has, and owes, of one asset or settlement currency.',
  fields: (t) => ({
    asset: t.field({
      type: CurrencyType,
      description: 'The asset; a fiat currency where payments are settled in one.',
      resolve: ({ asset }) => currencyOf(asset),
    }),
    pending: t.field({ type: MoneyType, description: 'Seen, not confirmed.', resolve: (row) => row.PENDING }),
    available: t.field({ type: MoneyType, description: 'Free to pay out.', resolve: (row) => row.AVAILABLE }),
    held: t.field({
      type: MoneyType,
      description: 'Waits for a decision, or is set aside for what is on its way out.',
      resolve: (row) => row.HELD,
    }),
    owed: t.field({
      type: MoneyType,
      description:
        'What the merchant owes: credited money that the chain took back after it was gone. Paid back by what becomes available.',
      resolve: (row) => row.OWED,
    }),
  }),
});

interface MerchantBalances {
  readonly key: string;
  readonly balances: readonly Balance[];
}

const keyOf = (merchantId: string, mode: string): string => `${merchantId} ${mode}`;

/** For all that ask at the same moment, whoever they are: many may follow the same merchant. */
const read = batched<GraphQLContext['prisma'], MerchantBalances>(
  async (prisma, keys) => {
    const wanted = keys.map((key) => {
      const [merchantId = '', mode] = key.split(' ');
      return { merchantId, mode: mode === 'TEST' ? ('TEST' as const) : ('LIVE' as const) };
    });
    const accounts = await prisma.ledgerAccount.findMany({
      where: { OR: wanted },
      orderBy: { asset: 'asc' },
    });
    const byKey = Map.groupBy(accounts, (account) => keyOf(account.merchantId ?? '', account.mode));
    return [...byKey].map(([key, own]) => ({ key, balances: balancesIn(own) }));
  },
  ({ key }) => key,
);

/** What a merchant has in one mode, one row an asset; no rights are checked here. */
export const readBalances = async (
  { prisma }: Pick<GraphQLContext, 'prisma'>,
  { merchantId, mode }: { readonly merchantId: string; readonly mode: Mode },
): Promise<readonly Balance[]> => (await read(prisma, keyOf(merchantId, mode)))?.balances ?? [];

const NOTHING = { toFixed: () => '0' };

function balancesIn(accounts: readonly LedgerAccount[]): Balance[] {
  const byAsset = Map.groupBy(accounts, ({ asset }) => asset);
  return [...byAsset].map(([asset, own]) => {
    const balanceOf = (kind: LedgerAccount['kind']): Money =>
      money(own.find((account) => account.kind === kind)?.balance ?? NOTHING, asset);
    return {
      asset,
      PENDING: balanceOf('PENDING'),
      AVAILABLE: balanceOf('AVAILABLE'),
      HELD: balanceOf('HELD'),
      OWED: negated(balanceOf('OWED')),
    };
  });
}
