import { head, headOf, maybeSeconds, objectSource, seconds, type HeadRow } from './object-source.ts';

/** $1 a static wallet. */
const WALLET = `
  SELECT ${headOf('w')}, w.network, w.customer_ref AS "customerRef", w.label, w.address, w.status,
    w.created_at AS "createdAt", w.blocked_at AS "blockedAt"
  FROM static_wallet w WHERE w.id = $1`;

type WalletRow = HeadRow &
  Readonly<Record<'network' | 'customerRef' | 'address' | 'status', string>> & {
    readonly label: string | null;
    readonly createdAt: Date;
    readonly blockedAt: Date | null;
  };

const write = (row: WalletRow) => ({
  ...head('static_wallet', 'StaticWallet', row),
  status: row.status,
  network: row.network,
  address: row.address,
  customer_ref: row.customerRef,
  label: row.label,
  created: seconds(row.createdAt),
  blocked_at: maybeSeconds(row.blockedAt),
});

export const staticWalletObject = objectSource<WalletRow>({
  objectType: 'static_wallet',
  text: WALLET,
  valuesOf: ({ subject }) => [subject.id],
  write,
});
