import { httpContestant, startBare, startPaybell, type Server } from '../harness/servers.ts';
import {
  compare,
  dataOf,
  globalInvoiceId,
  serverAt,
  withServers,
  type Scenario,
} from '../harness/scenario.ts';
import { interleave } from '../harness/rounds.ts';
import { invoiceId, seedInvoices, settle } from '../harness/seed-invoices.ts';
import { SHOPS } from '../harness/seed-merchant.ts';
import type { Exchange } from '../harness/http-load.ts';
import { runOnce } from '../harness/http-once.ts';
import { isDeepStrictEqual } from 'node:util';

const ROWS = { full: 100_000, short: 2_000 } as const;

const QUERY = `query InvoiceById($id: ID!) {
  invoice(id: $id) {
    id mode status exception amount { minorUnits currency { code } } orderId description createdAt
  }
}`;

/** An authenticated read of one invoice, picked at random (QUALITY, speed A). */
export const invoiceById: Scenario = {
  name: 'invoice-by-id',
  async run({ postgres, isShort, rounds, milliseconds, profileTo }) {
    const databaseUrl = await postgres.createDatabase();
    const rows = isShort ? ROWS.short : ROWS.full;
    await seedInvoices(databaseUrl, SHOPS.plain, rows);
    await settle(databaseUrl);
    const starts = [() => startPaybell({ databaseUrl, profileTo }), () => startBare({ databaseUrl })];
    return withServers(starts, async (servers) => {
      const [paybell, bare] = [serverAt(servers, 0), serverAt(servers, 1)];
      await requireSameAnswer(paybell, bare);
      const samples = await interleave(
        [
          httpContestant('paybell', paybell, milliseconds, () => byGraphQL(anyOf(rows))),
          httpContestant('bare', bare, milliseconds, () => byPath(anyOf(rows))),
        ],
        rounds,
      );
      return { samples, ratios: [compare(samples, 'by id', 'paybell', 'bare')] };
    });
  },
};

interface Answer {
  readonly invoice: { readonly id: string; readonly orderId: string } | null;
}

const anyOf = (rows: number): number => 1 + Math.floor(Math.random() * rows);

const exchange = (n: number, path: string, bodyOf: (id: string) => unknown): Exchange => {
  const id = globalInvoiceId(invoiceId(SHOPS.plain.series, n));
  return {
    path,
    key: SHOPS.plain.key,
    body: JSON.stringify(bodyOf(id)),
    check(body) {
      const { invoice } = dataOf(body) as Answer;
      if (invoice?.id !== id || invoice.orderId !== `order-${n}`)
        throw new Error(`not invoice ${n}: ${body}`);
    },
  };
};

const byGraphQL = (n: number): Exchange =>
  exchange(n, '/graphql', (id) => ({ query: QUERY, variables: { id } }));
const byPath = (n: number): Exchange => exchange(n, '/invoice', (id) => ({ id }));

/** Both do the same work only if they give the same. */
async function requireSameAnswer(paybell: Server, bare: Server): Promise<void> {
  const [ours, theirs] = [await runOnce(paybell.url, byGraphQL(1)), await runOnce(bare.url, byPath(1))];
  const [a, b] = [dataOf(ours), dataOf(theirs)];
  if (!isDeepStrictEqual(a, b)) throw new Error(`the answers differ: ${ours} and ${theirs}`);
}
