import { httpContestant, startBare, startPaybell, type Server } from '../harness/servers.ts';
import {
  compare,
  dataOf,
  globalInvoiceId,
  serverAt,
  withServers,
  type Scenario,
} from '../harness/scenario.ts';
import { interleave, type Contestant, type Samples } from '../harness/rounds.ts';
import { invoiceId, isPaid, seedInvoices, settle } from '../harness/seed-invoices.ts';
import { SHOPS, type Shop } from '../harness/seed-merchant.ts';
import type { Exchange } from '../harness/http-load.ts';
import { runOnce } from '../harness/http-once.ts';

const SIZES = { full: { small: 10_000, large: 1_000_000 }, short: { small: 1_000, large: 5_000 } } as const;
const FIRST = 20;

const NODE = `id mode status exception amount { minorUnits currency { code } } orderId description createdAt
  payments { id status txId amount { minorUnits currency { code } } }`;
const PAGE = `query Page($first: Int, $after: String, $last: Int) {
  invoices(first: $first, after: $after, last: $last, filter: { status: [PAID] }) {
    edges { cursor node { ${NODE} } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  readonly invoices: {
    readonly edges: readonly { cursor: string; node: { id: string; payments: readonly unknown[] } }[];
  };
}

/** A list and what its pages must be. */
interface List {
  readonly shop: Shop;
  /** The paid invoices, newest first. */
  readonly paid: readonly string[];
}

/** A page of paid invoices with their payments, in a short and in a long list (QUALITY, speed B and G). */
export const invoicePage: Scenario = {
  name: 'invoice-page',
  async run({ postgres, isShort, rounds, milliseconds, profileTo }) {
    const databaseUrl = await postgres.createDatabase();
    const sizes = isShort ? SIZES.short : SIZES.full;
    const small = await seedList(databaseUrl, SHOPS.small, sizes.small);
    const large = await seedList(databaseUrl, SHOPS.large, sizes.large);
    await settle(databaseUrl);
    const starts = [() => startPaybell({ databaseUrl, profileTo }), () => startBare({ databaseUrl })];
    return withServers(starts, async (servers) => {
      const contestants: Contestant[] = [];
      for (const [size, list] of Object.entries({ small, large })) {
        const deep = await deepPage(serverAt(servers, 0), serverAt(servers, 1), list);
        for (const [depth, { ours, bare }] of Object.entries({ first: firstPage(list), deep })) {
          contestants.push(
            httpContestant(`paybell ${depth} ${size}`, serverAt(servers, 0), milliseconds, () => ours),
            httpContestant(`bare ${depth} ${size}`, serverAt(servers, 1), milliseconds, () => bare),
          );
        }
      }
      const samples = await interleave(contestants, rounds);
      return { samples, ratios: ratiosOf(samples) };
    });
  },
};

async function seedList(databaseUrl: string, shop: Shop, count: number): Promise<List> {
  await seedInvoices(databaseUrl, shop, count);
  const numbers = Array.from({ length: count }, (_, n) => count - n).filter(isPaid);
  return { shop, paid: numbers.map((n) => globalInvoiceId(invoiceId(shop.series, n))) };
}

interface Pair {
  readonly ours: Exchange;
  readonly bare: Exchange;
}

const firstPage = (list: List): Pair => ({
  ours: byGraphQL(list, 0, { first: FIRST }),
  bare: byPath(list, 0, null),
});

/** The last page but one, reached by the cursor that each server gives for it. */
async function deepPage(paybell: Server, bare: Server, list: List): Promise<Pair> {
  const before = list.paid.length - 2 * FIRST - 1;
  const end = byGraphQL(list, before, { last: 2 * FIRST + 1 });
  const { invoices } = dataOf(await runOnce(paybell.url, end)) as Page;
  const last = Buffer.from(list.paid[before] ?? '', 'base64url')
    .toString('utf8')
    .slice('Invoice:'.length);
  const second = Number.parseInt(last.slice(0, 13).replace('-', ''), 16);
  const createdAt = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
  const pair = {
    ours: byGraphQL(list, before + 1, { first: FIRST, after: invoices.edges[0]?.cursor }),
    bare: byPath(list, before + 1, `${createdAt},${last}`),
  };
  await runOnce(bare.url, pair.bare);
  return pair;
}

const byGraphQL = (
  list: List,
  from: number,
  variables: { first?: number; last?: number; after?: string | undefined },
) => exchange(list, from, variables.first ?? variables.last ?? 0, '/graphql', { query: PAGE, variables });

const byPath = (list: List, from: number, after: string | null) =>
  exchange(list, from, FIRST, '/invoices', { first: FIRST, status: 'PAID', after });

function exchange({ shop, paid }: List, from: number, rows: number, path: string, body: unknown): Exchange {
  const expected = paid.slice(from, from + rows);
  return {
    path,
    key: shop.key,
    body: JSON.stringify(body),
    check(text) {
      const { edges } = (dataOf(text) as Page).invoices;
      const isRight =
        edges.length === expected.length &&
        edges.every(({ node }, place) => node.id === expected[place] && node.payments.length === 1);
      if (!isRight) throw new Error(`not the page that was asked for: ${text.slice(0, 1000)}`);
    },
  };
}

const ratiosOf = (samples: Samples) => [
  ...['first small', 'deep small', 'first large', 'deep large'].map((page) =>
    compare(samples, `page over bare, ${page}`, `paybell ${page}`, `bare ${page}`),
  ),
  ...['paybell first', 'paybell deep', 'bare first', 'bare deep'].map((page) =>
    compare(samples, `large over small, ${page}`, `${page} large`, `${page} small`),
  ),
];
